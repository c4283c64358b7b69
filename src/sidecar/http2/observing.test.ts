import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { http2Client, startHttp2App } from '../testing/http2-peers.ts'
import { GET, headers, rawHttp2 } from '../testing/raw-frames.ts'
import { booksOn, type Rig, type RigOptions, startRig } from '../testing/rig.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()
const SIDES = ['outbound', 'inbound'] as const

function optionsFor(port: number): RigOptions {
  return { ...booksOn(port), inbound: { '9001': { appPort: port } } }
}

async function rigTo(port: number, options: RigOptions = {}): Promise<Rig> {
  return closing(await startRig({ ...optionsFor(port), ...options }))
}

async function echo(): Promise<number> {
  return closing(await startHttp2App()).port
}

describe('responses over HTTP/2 while tracing is on', () => {
  it.each(SIDES)('say %s which trace and which request they belong to', async side => {
    const rig = await rigTo(await echo())
    const client = closing(await http2Client(rig[side]))
    const made = await client.ask()
    const long = 'r'.repeat(3000)
    const given = await client.ask({ headers: { 'x-request-id': long } })
    await rig.stopSidecar()
    const [first, second] = rig.collector.spans
    expect(made.headers).toMatchObject({
      traceresponse: `00-${first?.traceId}-${first?.id}-03`,
      'x-request-id': first?.tags['guid:x-request-id'],
    })
    expect(given.headers).toMatchObject({
      traceresponse: `00-${second?.traceId}-${second?.id}-03`,
      'x-request-id': long,
    })
  })

  it('keep what the app says itself', async () => {
    const own = { traceresponse: 'mine', 'x-request-id': 'my-own' }
    const app = closing(await startHttp2App(stream => stream.respond(own, { endStream: true })))
    const rig = await rigTo(app.port)
    expect((await closing(await http2Client(rig.outbound)).ask()).headers).toMatchObject(own)
  })

  it('of the sidecar itself say so too, also to gRPC', async () => {
    const app = await startHttp2App()
    await app.close()
    const rig = await rigTo(app.port)
    const client = closing(await http2Client(rig.outbound))
    const answers = [
      await client.ask(),
      await client.ask({ headers: { 'content-type': 'application/grpc', 'x-request-id': 'q'.repeat(2000) } }),
    ]
    await rig.stopSidecar()
    for (const [at, { headers }] of answers.entries()) {
      const span = rig.collector.spans[at]
      expect(headers).toMatchObject({
        'x-kiseki-reason': 'connect-failed',
        'x-request-id': span?.tags['guid:x-request-id'],
        traceresponse: `00-${span?.traceId}-${span?.id}-03`,
      })
    }
  })

  it('say nothing where that is switched off', async () => {
    const rig = await rigTo(await echo(), { tracing: { responseHeaders: false } })
    const { headers } = await closing(await http2Client(rig.outbound)).ask()
    expect(['traceresponse' in headers, 'x-request-id' in headers]).toEqual([false, false])
  })
})

describe('what a span shows of a request over HTTP/2', () => {
  it('are the headers that are named, and as much of the query as is wanted', async () => {
    const app = closing(await startHttp2App())
    const rig = await rigTo(app.port, {
      tracing: { headerTags: ['x-tenant', 'x-absent'], queryStrings: 'redact' },
    })
    const client = closing(await http2Client(rig.outbound))
    await client.ask({ headers: { ':path': '/books?q=secret', 'x-tenant': 'acme', 'x-other': 'no' } })
    await rig.stopSidecar()
    const [span] = rig.collector.spans
    expect(span?.name).toBe('GET /books')
    expect(span?.tags).toMatchObject({
      'http.url': 'http://books.shop:80/books?q=REDACTED',
      'http.request.header.x-tenant': 'acme',
      'http.protocol': 'HTTP/2',
    })
    expect(Object.keys(span?.tags ?? {}).filter(name => name.startsWith('http.request.header'))).toHaveLength(
      1,
    )
    expect(app.requests[0]?.[':path']).toBe('/books?q=secret')
  })
})

describe('the access log', () => {
  it('has a line for every exchange over HTTP/2, and for a head that was not understood', async () => {
    const output = new PassThrough()
    let text = ''
    output.setEncoding('utf8').on('data', part => (text += String(part)))
    const rig = await rigTo(await echo(), {
      accessLog: { queryStrings: 'drop' },
      tracing: { queryStrings: 'drop' },
      ground: { output },
    })
    const client = closing(await http2Client(rig.outbound))
    await client.ask({ headers: { ':path': '/a?b=1', 'user-agent': 'me' }, body: Buffer.from('hello') })
    await client.ask({ headers: { 'content-type': 'application/grpc', ':authority': 'nowhere.shop' } })
    const raw = closing(await rawHttp2(rig.outbound))
    raw.write(headers(1, GET.slice(1)))
    await raw.untilFrame(Frame.RST_STREAM, 1)
    await rig.stopSidecar()
    const [asked, refused, malformed] = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
    const [span] = rig.collector.spans
    expect(asked).toMatchObject({
      direction: 'outbound',
      trace_id: span?.traceId,
      span_id: span?.id,
      method: 'POST',
      host: 'books.shop:80',
      path: '/a',
      protocol: 'HTTP/2',
      status: 200,
      request_bytes: 5,
      response_bytes: 5,
      upstream_cluster: 'shop/books|80',
      user_agent: 'me',
    })
    expect(refused).toMatchObject({ protocol: 'HTTP/2', status: 200, grpc_status: '7', reason: 'egress-off' })
    expect(malformed).toMatchObject({ status: 0, reason: 'bad-request', error: 'malformed request' })
  })
})
