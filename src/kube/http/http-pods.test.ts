import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReadLogsOptions } from '../pods.ts'
import {
  type Answer,
  type ScriptedServer,
  startScriptedServer,
  status,
  text,
} from '../testing/scripted-server.ts'
import { createHttpKubePods, type HttpKubePods } from './http-pods.ts'

const pod = { namespace: 'n', name: 'p' }
let server: ScriptedServer
let pods: HttpKubePods
async function open(...script: readonly Answer[]): Promise<void> {
  server = await startScriptedServer(script)
  pods = createHttpKubePods(server.endpoint(), { requestTimeoutMillis: 200 })
}
afterEach(async () => {
  await pods.close()
  await server.close()
})

async function logs(container?: string, options?: ReadLogsOptions): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of pods.readLogs(pod, container, options)) lines.push(line)
  return lines
}

describe('logs of a pod', () => {
  it('are lines', async () => {
    await open(text(200, 'text/plain', 'one\n\nzwölf\nlast'))
    expect(await logs()).toEqual(['one', '', 'zwölf', 'last'])
    expect(server.heard[0]?.path).toBe('/api/v1/namespaces/n/pods/p/log')
    expect([...(server.heard[0]?.query ?? [])]).toEqual([])
  })

  it('are those that are asked for', async () => {
    await open(text(200, 'text/plain', ''))
    await logs('c', { follow: true, previous: true, timestamps: true, tailLines: 0, sinceSeconds: 60 })
    expect(Object.fromEntries(server.heard[0]?.query ?? [])).toEqual({
      container: 'c',
      follow: 'true',
      previous: 'true',
      timestamps: 'true',
      tailLines: '0',
      sinceSeconds: '60',
    })
  })

  it('are refused as the API says it', async () => {
    await open(status(400, 'BadRequest', 'container "c" in pod "p" is waiting to start: ErrImagePull'))
    await expect(logs('c')).rejects.toMatchObject({ code: 'KISEKI_BAD_REQUEST', message: /waiting to start/ })
  })

  it('are followed for as long as it takes, until aborted', async () => {
    const ended = new AbortController()
    await open(response => {
      // Later than the timeout of other requests: neither the head nor the lines are hurried.
      setTimeout(() => response.write('one\n'), 400)
      setTimeout(() => response.write('two\n'), 700)
    })
    const lines: string[] = []
    for await (const line of pods.readLogs(pod, undefined, { follow: true, signal: ended.signal })) {
      lines.push(line)
      if (line === 'two') ended.abort()
    }
    expect(lines).toEqual(['one', 'two'])
    expect(await logs(undefined, { signal: ended.signal })).toEqual([])
  })

  it('that break off are an error: what is missing was not seen', async () => {
    await open(response => void response.write('one\ntw', () => response.destroy()))
    await expect(logs()).rejects.toMatchObject({ code: 'KISEKI_API_UNREACHABLE' })
  })
})

describe('a request to a pod', () => {
  it('goes through the API, and brings back what the pod says', async () => {
    await open((response, heard) => {
      response.writeHead(404, { 'content-type': 'text/plain', 'x-pod': 'yes' }).end(`${heard.body}!`)
    })
    const answer = await pods.podRequest(pod, 15000, { method: 'POST', path: '/a%20b?x=1', body: 'hé' })
    expect(answer).toMatchObject({ status: 404, headers: { 'x-pod': 'yes' } })
    expect(Buffer.from(answer.body).toString()).toBe('hé!')
    expect(server.heard[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/n/pods/p:15000/proxy/a%20b',
      headers: { 'content-length': '3' },
    })
    expect(server.heard[0]?.query.get('x')).toBe('1')
  })

  it('brings back bytes, decompressed', async () => {
    await open(response =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.from([0, 255]))),
    )
    expect([...(await pods.podRequest(pod, 80, { path: '/' })).body]).toEqual([0, 255])
  })

  it('is not repeated when the pod asks for patience or credentials', async () => {
    await open(text(503, 'text/plain', 'later', { 'retry-after': '0' }), text(401, 'text/plain', 'who?'))
    expect((await pods.podRequest(pod, 80, { path: '/' })).status).toBe(503)
    expect((await pods.podRequest(pod, 80, { path: '/' })).status).toBe(401)
    expect(server.heard).toHaveLength(2)
  })

  it('fails when the API does not reach the pod', async () => {
    await open(
      status(503, 'ServiceUnavailable', 'error trying to reach service: dial tcp: connection refused'),
    )
    await expect(pods.podRequest(pod, 80, { path: '/' })).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: 'error trying to reach service: dial tcp: connection refused',
    })
  })

  it('is not sent where it would lead out of the pod', async () => {
    await open(text(200, 'text/plain', ''))
    await expect(pods.podRequest(pod, 80, { path: '/../../../secrets' })).rejects.toMatchObject({
      code: 'KISEKI_INVALID',
    })
    expect(server.heard).toEqual([])
  })

  it('ends in time, or when it is aborted', async () => {
    await open(() => undefined)
    await expect(pods.podRequest(pod, 80, { path: '/', timeoutMillis: 30 })).rejects.toMatchObject({
      code: 'KISEKI_TIMEOUT',
    })
    const ended = new AbortController()
    const pending = pods.podRequest(pod, 80, { path: '/', signal: ended.signal })
    ended.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
  })
})
