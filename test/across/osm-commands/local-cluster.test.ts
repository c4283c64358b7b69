import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findRunningMesh } from '../../../src/app/mesh/background/running-mesh.ts'
import { CONFIG_MAPS, PODS } from '../../../src/kube/resources.ts'
import { processStat } from '../../../src/local/runner/processes.ts'
import type { Pod } from '../../../src/model/kubernetes-pod.ts'
import { type OsmUnderTest, openOsm, podProcesses, until } from './osm-under-test.ts'

const NAMED = { namespace: 'default', name: 'kept' }

function sleeper(name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'test/sleep', command: ['sleep', '1000'] }] },
  }
}

describe.skipIf(process.platform !== 'linux')('osm up, down, ps', () => {
  let osm: OsmUnderTest

  beforeEach(async () => {
    osm = await openOsm()
  })
  afterEach(() => osm.close())

  const mesh = async () => {
    const found = await findRunningMesh(osm.stateDir)
    if (found === undefined) throw new Error('no cluster runs')
    return found
  }
  const isRunning = async (name: string) => {
    const { status } = await (await osm.cluster()).client.get(PODS, { name, namespace: 'default' })
    return status?.phase === 'Running'
  }

  it('starts a cluster that outlives the terminal, and keeps its objects until they are deleted', async () => {
    const up = await osm.run('up')
    expect(up.code, up.err).toBe(0)
    expect(up.out).toContain(`  export KUBECONFIG=${join(osm.stateDir, 'kubeconfig')}\n`)
    expect(up.out).toContain('osm install')
    expect(up.err).toMatch(/^ +[\d.]+ s {2}the Kubernetes API answers at https:\/\/127\.0\.0\.1:\d+$/m)
    const { pid } = await mesh()
    // A group of its own: neither Ctrl-C nor the end of a terminal reaches it.
    expect((await processStat(pid)).group).toBe(pid)
    const { client, url } = await osm.cluster()
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: NAMED,
      data: { a: '1' },
    })

    const again = await osm.run('up')
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining(`runs already, as process ${pid}`) })

    const down = await osm.run('down')
    expect(down).toMatchObject({ code: 0, out: expect.stringContaining('The local cluster has ended') })
    expect(await osm.run('down')).toMatchObject({ code: 0, out: expect.stringContaining('No local cluster') })

    expect((await osm.run('up')).code).toBe(0)
    const resumed = await osm.cluster()
    expect(resumed.url).toBe(url)
    expect((await resumed.client.get(CONFIG_MAPS, NAMED)).data).toEqual({ a: '1' })

    expect(await osm.run('down', '--delete')).toMatchObject({ code: 0 })
    expect(existsSync(osm.stateDir)).toBe(false)
  })

  it('lists what runs, for people and for programs', async () => {
    expect(await osm.run('ps')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^No local cluster runs/),
    })
    expect(JSON.parse((await osm.run('ps', '-o', 'json')).out)).toEqual({
      running: false,
      stateDir: osm.stateDir,
    })
    await osm.run('up')
    await (await osm.cluster()).client.create(PODS, sleeper('sleeper'))
    await until(() => isRunning('sleeper'), 'the pod runs')
    const list = JSON.parse((await osm.run('ps', '-o', 'json')).out)
    expect(list).toMatchObject({
      running: true,
      pid: (await mesh()).pid,
      kubeconfig: join(osm.stateDir, 'kubeconfig'),
      pods: [{ namespace: 'default', pod: 'sleeper', ready: 1, containers: 1, status: 'Running' }],
    })
    const pid = list.pods[0].processes.app
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\0' + '1000\0')
    expect((await osm.run('ps')).out).toMatch(new RegExp(`default +sleeper +1/1 +Running +${pid} +-\n`))
  })

  it('two at once: one starts it, the other one says so', async () => {
    const both = await Promise.all([osm.run('up'), osm.run('up')])
    expect(
      both.map(({ code }) => code),
      both.map(({ err }) => err).join('\n'),
    ).toEqual([0, 0])
    expect(both.filter(({ out }) => out.includes('runs already'))).toHaveLength(1)
  })

  it('leaves no pod behind when it is killed, and starts again', async () => {
    await osm.run('up')
    await (await osm.cluster()).client.create(PODS, sleeper('sleeper'))
    await until(() => isRunning('sleeper'), 'the pod runs')
    const { pid, runId } = await mesh()
    expect(await podProcesses(runId)).not.toEqual([])
    process.kill(pid, 'SIGKILL')
    await until(async () => (await podProcesses(runId)).length === 0, 'its pods have ended')
    expect(await osm.run('ps')).toMatchObject({ out: expect.stringMatching(/^No local cluster runs/) })
    const up = await osm.run('up')
    expect(up.code, up.err).toBe(0)
    expect((await mesh()).runId).not.toBe(runId)
    await until(() => isRunning('sleeper'), 'the pod runs again')
  })

  it('says why it could not be started, and where its log is', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const up = await osm.run('up', '--api-port', port)
    server.close()
    expect(up).toMatchObject({ code: 1, out: '' })
    expect(up.err).toContain('the local cluster did not start: exit code 1')
    expect(up.err).toMatch(new RegExp(`  Error: .*${port}`))
    expect(up.err).toContain(`Its whole log: ${join(osm.stateDir, 'up.log')}`)
    const table = await osm.run('up', '--images', 'nowhere.json')
    expect(table).toMatchObject({ code: 1, err: expect.stringContaining('nowhere.json: ENOENT') })
  })

  it('stays in the terminal with --foreground, until it is asked to end', async () => {
    const up = osm.start(['up', '--foreground'])
    await until(() => up.out().includes('Ctrl-C ends it.'), 'it runs')
    expect((await mesh()).pid).toBe(up.child.pid)
    const second = await osm.run('up', '--foreground')
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining('is in use by process') })
    up.child.kill('SIGINT')
    expect((await up.ended).code).toBe(0)
    expect(await findRunningMesh(osm.stateDir)).toBeUndefined()
  })

  it('runs what a table names for images', async () => {
    const table = join(osm.home, 'images.json')
    await writeFile(table, JSON.stringify({ 'my/image': { command: ['sleep', '1001'] } }))
    expect((await osm.run('up', '--images', 'images.json')).code).toBe(0)
    const pod = sleeper('sleeper')
    const spec = { containers: [{ name: 'app', image: 'my/image:v1' }] }
    await (await osm.cluster()).client.create(PODS, { ...pod, spec })
    await until(() => isRunning('sleeper'), 'the pod runs')
  })

  it('deletes no folder that is not of a cluster', async () => {
    const folder = join(osm.home, 'work', 'pods')
    await mkdir(folder, { recursive: true })
    const down = await osm.run('down', '--delete', '--state-dir', join(osm.home, 'work'))
    expect(down).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds what is not of a cluster: pods'),
    })
    expect(existsSync(folder)).toBe(true)
  })
})
