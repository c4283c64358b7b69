import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Probe } from '../../model/kubernetes-pod.ts'
import { eventually, isRunning, scratchFolder } from '../testing/test-machine.ts'
import { createBackoff } from './backoff.ts'
import { askProbe } from './probe.ts'
import { keepProbing } from './probing.ts'

const opened: Server[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map(server => new Promise(resolve => server.close(resolve))))
})

async function listening(server: Server): Promise<number> {
  opened.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('asking a probe', () => {
  const ask = (probe: Probe, port: number) =>
    askProbe({
      probe,
      target: name => (name === 'web' ? { address: '127.0.0.1', port } : undefined),
      ground: () => ({
        cwd: '/',
        env: { PATH: process.env['PATH'] ?? '', COLOUR: 'red' },
        mounted: text => text,
      }),
    })

  it('by HTTP is well with 2xx and 3xx', async () => {
    const headers: unknown[] = []
    const port = await listening(
      createServer((request, response) => {
        headers.push(request.headers['x-probe'], request.headers['user-agent'])
        response.statusCode = Number(request.url?.slice(1))
        response.end()
      }),
    )
    const httpGet = (path: string) => ({
      httpGet: { path, port: 'web', httpHeaders: [{ name: 'X-Probe', value: 'yes' }] },
    })
    expect(await ask(httpGet('/200'), port)).toBeUndefined()
    expect(await ask(httpGet('/302'), port)).toBeUndefined()
    expect(await ask(httpGet('/404'), port)).toBe('HTTP probe failed with statuscode: 404')
    expect(await ask(httpGet('503'), port)).toBe('HTTP probe failed with statuscode: 503')
    expect(headers.slice(0, 2)).toEqual(['yes', 'kube-probe/1.32'])
  })

  it('that is not answered in time is not well', async () => {
    const port = await listening(createTcpServer(socket => socket.on('error', () => undefined).resume()))
    const probe = { httpGet: { path: '/', port: 'web' }, timeoutSeconds: 0.05 }
    expect(await ask(probe, port)).toBe(`Get "http://127.0.0.1:${port}/": timeout`)
  })

  it('by TCP is well when somebody listens', async () => {
    const port = await listening(createTcpServer(socket => socket.destroy()))
    const probe = { tcpSocket: { port: 'web' } }
    expect(await ask(probe, port)).toBeUndefined()
    expect(await ask(probe, 1)).toMatch(/^dial tcp 127\.0\.0\.1:1: .*ECONNREFUSED/)
  })

  it('by a command is well with exit code 0', async () => {
    const shell = (script: string) => ({ exec: { command: ['/bin/sh', '-c', script] } })
    expect(await ask(shell('test "$COLOUR" = red'), 1)).toBeUndefined()
    expect(await ask(shell('echo not healthy >&2; exit 3'), 1)).toBe('not healthy')
    expect(await ask(shell('exit 3'), 1)).toBe('exit code 3')
    expect(await ask({ exec: { command: ['/no/such/program'] } }, 1)).toContain('ENOENT')
    expect(await ask({ exec: {} }, 1)).toBe('the command is empty')
  })

  it('by a command that does not end in time is not well, and ends all that it started', async () => {
    const file = join(await scratchFolder(), 'pid')
    const exec = { command: ['/bin/sh', '-c', `sleep 60 & echo $! > ${file}; wait`] }
    expect(await ask({ exec, timeoutSeconds: 0.5 }, 1)).toMatch(/^command .* timed out$/)
    const pid = Number(await readFile(file, 'utf8'))
    await eventually(async () => expect(await isRunning(pid)).toBe(false))
  })

  it('at a port that the container does not have is not well', async () => {
    expect(await ask({ tcpSocket: { port: 'absent' } }, 1)).toBe('the container has no port "absent"')
  })
})

describe('probing', () => {
  /** Answers as scripted, the last one for ever; time passes only while it sleeps. */
  async function probed(
    probe: Probe,
    answers: readonly boolean[],
    millis: number,
  ): Promise<readonly string[]> {
    const told: string[] = []
    const over = new AbortController()
    let now = 0
    let asked = 0
    await keepProbing({
      probe,
      ask: async () => ((answers[asked++] ?? answers.at(-1)) ? undefined : 'bad'),
      succeeded: () => told.push(`succeeded ${now}`),
      failed: () => told.push(`failed ${now}`),
      unhealthy: problem => told.push(`${problem} ${now}`),
      eagerMillis: 100,
      signal: over.signal,
      timers: {
        now: () => now,
        async sleep(wait) {
          now += wait
          if (now > millis) over.abort()
        },
      },
    })
    return told
  }

  it('asks often until the first success, then once a period', async () => {
    expect(await probed({ periodSeconds: 1 }, [false, false, true], 2300)).toEqual([
      'succeeded 200',
      'succeeded 1200',
      'succeeded 2200',
    ])
  })

  it('counts one failure a period, however often it asked', async () => {
    expect(await probed({ periodSeconds: 1, failureThreshold: 2 }, [false], 2500)).toEqual([
      'bad 1000',
      'bad 2000',
      'failed 2000',
    ])
  })

  it('bears as many failures in a row as it is said, after a success too', async () => {
    const answers = [true, false, false, true, false, false, false]
    const told = await probed({ periodSeconds: 1 }, answers, 6500)
    expect(told).toEqual([
      'succeeded 0',
      'bad 1000',
      'bad 2000',
      'succeeded 3000',
      'bad 4000',
      'bad 5000',
      'bad 6000',
      'failed 6000',
    ])
  })

  it('waits at first, and for as many successes as it is said', async () => {
    const probe = { initialDelaySeconds: 5, periodSeconds: 1, successThreshold: 2 }
    expect(await probed(probe, [true], 7500)).toEqual(['succeeded 6000', 'succeeded 7000'])
  })
})

describe('the wait before a restart', () => {
  it('is none, then doubles up to the most, and begins anew after a long run', () => {
    const backoff = createBackoff({ baseMillis: 10, mostMillis: 50 })
    expect([0, 0, 0, 0, 0, 0].map(ran => backoff.next(ran))).toEqual([0, 10, 20, 40, 50, 50])
    expect(backoff.next(101)).toBe(0)
    expect(backoff.next(0)).toBe(10)
  })
})
