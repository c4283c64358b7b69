import { randomBytes } from 'node:crypto'
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startApp, startTcpApp } from '../testing/echo-app.ts'
import { http2Client } from '../testing/http2-peers.ts'
import { headers, type Lines, rawHttp2 } from '../testing/raw-frames.ts'
import { booksOn, clusterOf, eventually, type Rig, type RigOptions, startRig } from '../testing/rig.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()

const CONNECT: Lines = [
  [':method', 'CONNECT'],
  [':authority', 'db.shop:3306'],
]

const dbOn = (port: number): RigOptions => ({
  hosts: { 'db.shop:3306': 'shop/db|3306' },
  clusters: { 'shop/db|3306': { ...clusterOf(port), protocol: 'tcp' } },
})

interface Tunnel {
  readonly rig: Rig
  readonly stream: ClientHttp2Stream
  readonly answer: IncomingHttpHeaders
  text(): string
}

async function connectBy(options: RigOptions, authority: string): Promise<Tunnel> {
  const rig = closing(await startRig(options))
  const client = closing(await http2Client(rig.outbound))
  const stream = client.session.request({ ':method': 'CONNECT', ':authority': authority })
  stream.on('error', () => undefined)
  let text = ''
  stream.on('data', part => (text += String(part)))
  const answer = await new Promise<IncomingHttpHeaders>(resolve => stream.on('response', resolve))
  return { rig, stream, answer, text: () => text }
}

const closed = (stream: ClientHttp2Stream): Promise<void> =>
  new Promise(resolve => (stream.closed ? resolve() : stream.on('close', () => resolve())))

function echo() {
  return startTcpApp(socket => {
    socket.on('data', bytes => socket.write(bytes))
    socket.on('end', () => socket.end('bye'))
  })
}

describe('CONNECT on a stream of HTTP/2', () => {
  it('carries anything to and fro, each side to its end, and is a span', async () => {
    const app = closing(await echo())
    const { rig, stream, answer, text } = await connectBy(dbOn(app.port), 'db.shop:3306')
    expect(answer[':status']).toBe(200)
    stream.write('hello')
    await eventually(() => text() === 'hello')
    stream.end()
    await closed(stream)
    expect([text(), stream.rstCode]).toEqual(['hellobye', constants.NGHTTP2_NO_ERROR])
    await rig.stopSidecar()
    const [span, ...more] = rig.collector.spans
    expect(more).toEqual([])
    expect(span).toMatchObject({
      kind: 'CLIENT',
      tags: {
        'server.address': 'db.shop',
        'server.port': '3306',
        sent_bytes: '5',
        received_bytes: '8',
        'peer.address': `127.0.0.1:${app.port}`,
      },
    })
    expect(span?.tags['error']).toBeUndefined()
  })

  it('carries much, at the pace of the slower side', async () => {
    const app = closing(await echo())
    const rig = closing(await startRig(dbOn(app.port)))
    const client = closing(await http2Client(rig.outbound))
    const stream = client.session.request({ ':method': 'CONNECT', ':authority': 'db.shop:3306' })
    const body = randomBytes(3_000_000)
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => {
      parts.push(part)
      stream.pause()
      setImmediate(() => stream.resume())
    })
    stream.end(body)
    await closed(stream)
    expect(Buffer.concat(parts).equals(Buffer.concat([body, Buffer.from('bye')]))).toBe(true)
  })

  it('carries HTTP, which is traced like any other', async () => {
    const app = closing(await startApp())
    const { rig, stream, text } = await connectBy(booksOn(app.port), 'books.shop:80')
    stream.write('GET /inside HTTP/1.1\r\nhost: whatever\r\nconnection: close\r\n\r\n')
    await closed(stream)
    expect(text()).toMatch(/^HTTP\/1\.1 200 OK/)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.name)).toEqual(['GET /inside'])
  })

  it('is refused with a reason where there is nobody', async () => {
    const app = await startTcpApp(() => undefined)
    await app.close()
    const dead = await connectBy(dbOn(app.port), 'db.shop:3306')
    expect([dead.answer[':status'], dead.answer['x-kiseki-reason']]).toEqual([502, 'connect-failed'])
    await closed(dead.stream)
    await dead.rig.stopSidecar()
    expect(dead.rig.collector.spans[0]?.tags['error']).toBe('cannot connect to the endpoint')
    const unknown = await connectBy(dbOn(app.port), 'nowhere.shop:1')
    expect([unknown.answer[':status'], unknown.answer['x-kiseki-reason']]).toEqual([403, 'egress-off'])
  })

  it('ends on both sides when one breaks off', async () => {
    const app = closing(await echo())
    const left = await connectBy(dbOn(app.port), 'db.shop:3306')
    left.stream.write('hello')
    await eventually(() => left.text() === 'hello')
    left.stream.close(constants.NGHTTP2_CANCEL)
    await eventually(() => app.sockets[0]?.destroyed === true)
    await left.rig.stopSidecar()
    expect(left.rig.collector.spans[0]?.tags['error']).toBe('the client reset the connection')

    const right = await connectBy(dbOn(app.port), 'db.shop:3306')
    right.stream.write('hello')
    await eventually(() => right.text() === 'hello')
    app.sockets[1]?.resetAndDestroy()
    await closed(right.stream)
    expect(right.stream.rstCode).toBe(constants.NGHTTP2_CONNECT_ERROR)
  })

  it('is not taken from other pods', async () => {
    const rig = closing(await startRig({ inbound: { '9001': { appPort: 1 } } }))
    const client = closing(await rawHttp2(rig.inbound))
    client.write(headers(1, CONNECT, 0))
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields).toMatchObject({
      ':status': '405',
      'x-kiseki-reason': 'connect-inbound',
    })
  })

  it('of which the client says at once that it will say nothing only listens', async () => {
    const app = closing(await startTcpApp(socket => socket.on('end', () => socket.end('said')).resume()))
    const rig = closing(await startRig(dbOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, CONNECT))
    expect((await client.untilFrame(Frame.DATA, 1))?.payload.toString()).toBe('said')
    await client.untilFrame(Frame.DATA, 1, Frame.END_STREAM)
  })

  it('is cut when the sidecar stops', async () => {
    const app = closing(await echo())
    const { rig, stream } = await connectBy({ ...dbOn(app.port), graceMillis: 100 }, 'db.shop:3306')
    await rig.stopSidecar()
    await closed(stream)
    expect(rig.collector.spans[0]?.tags['error']).toBe('the sidecar stopped before the exchange was complete')
  })
})
