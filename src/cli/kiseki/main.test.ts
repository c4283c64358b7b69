import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FREE_PORTS, MAIN } from './testing/all-in-one-process.ts'

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function kiseki(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  const exited = new Promise<number | null>(resolve => child.on('close', resolve))
  const ready = async (): Promise<Record<string, string>> => {
    await expect.poll(() => output.out + output.err, { timeout: 10_000 }).toMatch(/^ready .*\n/m)
    return JSON.parse(/^ready (.*)$/m.exec(output.out)?.[1] ?? '')
  }
  return { child, output, exited, ready }
}

describe('the command line', () => {
  it('prints one line when it is ready, serves, and ends with 0 on SIGTERM', async () => {
    const { child, output, exited, ready } = kiseki('all-in-one', ...FREE_PORTS)
    const urls = await ready()
    expect(Object.keys(urls)).toEqual(['ui', 'zipkin', 'otlpHttp', 'otlpGrpc', 'admin'])
    const response = await fetch(`${urls['zipkin']}/api/v2/spans`, { method: 'POST', body: '[]' })
    expect(response.status).toBe(202)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    expect(output.out.split('\n')).toHaveLength(2)
  })

  it('ends with 1 where it cannot listen, and says where', async () => {
    const holder = createServer()
    await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const { exited, output } = kiseki('all-in-one', ...FREE_PORTS, `--admin.http.host-port=127.0.0.1:${port}`)
    expect(await exited).toBe(1)
    expect(output.err).toContain(`127.0.0.1:${port}`)
    expect(output.err).toContain('KISEKI_PORT_IN_USE')
    holder.close()
  })

  it.each([
    [['all-in-one', '--no-such'], 2, 'unknown flag --no-such'],
    [['all-in-one', '--memory.max-bytes=x'], 2, 'takes a size'],
    [['all-in-on'], 2, 'unknown command "all-in-on"'],
    [[], 2, ''],
    [['--help'], 0, ''],
    [['version'], 0, ''],
    [['docs'], 0, ''],
  ])('ends %j with %i', async (args, code, message) => {
    const { exited, output } = kiseki(...args)
    expect(await exited).toBe(code)
    expect(output.err).toContain(message)
    if (message === '') expect(output.out).not.toBe('')
  })
})
