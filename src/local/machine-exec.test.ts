import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { LocalMachine } from './machine.ts'
import {
  createPod,
  eventually,
  getPod,
  isRunning,
  nodeContainer,
  podOf,
  readAll,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const p = { namespace: 'default', name: 'p' }
const plain = { stdin: false, tty: false }

async function running(...containers: readonly ReturnType<typeof shellContainer>[]): Promise<LocalMachine> {
  const machine = await testMachine()
  await createPod(machine, podOf(containers))
  await eventually(async () => {
    const statuses = (await getPod(machine)).status?.containerStatuses ?? []
    expect(statuses.map(({ state }) => state.running !== undefined)).toEqual(containers.map(() => true))
  })
  return machine
}

describe('a command in a container', () => {
  it('has its environment and folder, and tells how it ended', async () => {
    const machine = await running(shellContainer('sleep 60', { env: [{ name: 'COLOUR', value: 'red' }] }))
    const script = 'echo $COLOUR; pwd; echo wrong >&2; exit 3'
    const command = await machine.execInContainer(p, undefined, ['sh', '-c', script], plain)
    const [out, wrong] = await Promise.all([text(command.stdout), text(command.stderr)])
    expect(out).toMatch(/^red\n.*default_p_.*\n$/)
    expect(wrong).toBe('wrong\n')
    expect(await command.exited).toEqual({ code: 3 })
  })

  it('reads what it is given', async () => {
    const machine = await running(shellContainer('sleep 60'))
    const command = await machine.execInContainer(p, 'app', ['wc', '-c'], { stdin: true, tty: false })
    command.stdin?.end(Buffer.alloc(3_000_000))
    expect((await text(command.stdout)).trim()).toBe('3000000')
  })

  it.runIf(process.platform === 'linux')('may have a terminal', async () => {
    const machine = await running(shellContainer('sleep 60'))
    const command = await machine.execInContainer(
      p,
      'app',
      ['sh', '-c', 'test -t 1 && echo "it\'s one"; exit 4'],
      {
        stdin: true,
        tty: true,
      },
    )
    expect(await text(command.stdout)).toBe("it's one\r\n")
    expect(await command.exited).toEqual({ code: 4 })
  })

  it('can be ended, with all that it has started', async () => {
    const machine = await running(shellContainer('sleep 60'))
    const script = 'sleep 600 & setsid sleep 600 & echo $$; wait'
    const command = await machine.execInContainer(p, 'app', ['sh', '-c', script], plain)
    const [pid] = await new Promise<readonly number[]>(resolve =>
      command.stdout.once('data', piece => resolve([Number(piece)])),
    )
    command.kill()
    expect(await command.exited).toEqual({ signal: 'SIGKILL' })
    // Whoever holds the output open is gone too.
    command.stdout.resume()
    await text(command.stdout)
    expect(await isRunning(pid ?? 0)).toBe(false)
  })

  it('that cannot be run is said to be so in the words of container runtimes', async () => {
    const machine = await running(shellContainer('sleep 60'))
    const run = (...command: readonly string[]) => machine.execInContainer(p, undefined, command, plain)
    await expect(run('nonsense')).rejects.toThrow('exec: "nonsense": executable file not found in $PATH')
    await expect(run('/no/where')).rejects.toThrow(
      'exec: "/no/where": stat /no/where: no such file or directory',
    )
    await expect(run('/etc/passwd')).rejects.toThrow('exec: "/etc/passwd": permission denied')
  })

  it('needs a container that runs', async () => {
    const machine = await running(shellContainer('sleep 60'), shellContainer('sleep 60', { name: 'other' }))
    const run = (pod: string, container?: string) =>
      machine.execInContainer({ ...p, name: pod }, container, ['true'], plain)
    await expect(run('p')).rejects.toThrow(
      'a container name must be specified for pod p, choose one of: [app other]',
    )
    await expect(run('p', 'none')).rejects.toThrow('container none is not valid for pod p')
    await expect(run('none')).rejects.toThrow('pods "none" not found')
  })
})

describe('who is attached to a container', () => {
  it('sees what it prints from now on, and its end', async () => {
    const machine = await running(
      nodeContainer(
        `process.on('SIGTERM', () => { console.log('ends'); process.exit(5) }); setInterval(() => {}, 1000); console.log('begins')`,
      ),
    )
    await eventually(async () => expect(await readAll(machine)).toEqual(['begins']))
    const attached = await machine.attachToContainer(p, undefined, plain)
    await machine.stop()
    expect(await text(attached.stdout)).toBe('ends\n')
    expect(await attached.exited).toEqual({ code: 5 })
  })

  it('cannot type', async () => {
    const machine = await running(shellContainer('sleep 60'))
    await expect(machine.attachToContainer(p, undefined, { stdin: true, tty: false })).rejects.toThrow(
      'the standard input of a container cannot be attached to here',
    )
  })
})

describe('a connection to a pod', () => {
  const listenOn = (port: string) =>
    nodeContainer(`require('node:net').createServer(s => s.end('hi')).listen(${port}, process.env.HOST)`, {
      ports: [{ name: 'web', containerPort: 8080 }],
    })

  it('leads to where it listens, by number or name', async () => {
    const machine = await running(listenOn('Number(process.env.PORT)'))
    for (const port of [8080, 'web'])
      await eventually(async () => expect(await text(await machine.connectToPod(p, port))).toBe('hi'))
  })

  it('leads to ports that no manifest names', async () => {
    const machine = await running(listenOn('18123'))
    await eventually(async () => expect(await text(await machine.connectToPod(p, 18123))).toBe('hi'))
  })

  it('says why there is none', async () => {
    const machine = await running(shellContainer('sleep 60'))
    await expect(machine.connectToPod(p, 9)).rejects.toThrow(
      /^error forwarding port 9 to pod p, uid .+: dial tcp4 127\..+:9: connect: connection refused$/,
    )
    await expect(machine.connectToPod(p, 'none')).rejects.toThrow('pod p has no port named "none"')
  })
})
