import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from '../logger.ts'
import type { GrpcMethod } from './grpc-call.ts'
import { frame, type Room } from './grpc-message.ts'
import { type GrpcServer, startGrpcServer } from './grpc-server.ts'
import { GRPC, type GrpcAnswer } from './grpc-status.ts'

const PATH = '/shop.v1.Orders/Put'
const logger = createLogger({ component: 'test', write: () => undefined })

/** Counts what is held, and says no when it is told to. */
class TestRoom implements Room {
  held = 0
  isFull = false
  take(bytes: number): boolean {
    if (this.isFull) return false
    this.held += bytes
    return true
  }
  correct(taken: number, actual: number): void {
    this.held += actual - taken
  }
  give(bytes: number): void {
    this.held -= bytes
  }
}

const servers: GrpcServer[] = []
const clients: ClientHttp2Session[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await Promise.all(servers.splice(0).map(server => server.close(0)))
})

async function start(handle: GrpcMethod['handle'] = async bytes => ({ code: GRPC.ok, message: bytes })) {
  const room = new TestRoom()
  const refused: GrpcAnswer[] = []
  const method: GrpcMethod = {
    path: PATH,
    maxBytes: 1000,
    room,
    noRoom: { code: GRPC.resourceExhausted, text: 'full', trailers: { 'grpc-retry-pushback-ms': '5' } },
    refused: answer => refused.push(answer),
    handle,
  }
  const server = await startGrpcServer({ listen: { host: '127.0.0.1', port: 0 }, methods: [method], logger })
  servers.push(server)
  const client = connect(`http://${server.address}`)
  client.on('error', () => undefined)
  clients.push(client)
  return { server, client, room, refused }
}

interface Reply {
  readonly httpStatus: number
  readonly status: string | undefined
  readonly text: string
  readonly headers: Record<string, unknown>
  readonly bytes: Buffer
}

function open(client: ClientHttp2Session, headers: OutgoingHttpHeaders = {}) {
  const stream = client.request({
    ':method': 'POST',
    ':path': PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  const all: Record<string, unknown> = {}
  const chunks: Buffer[] = []
  stream.on('response', part => Object.assign(all, part))
  stream.on('trailers', part => Object.assign(all, part))
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const reply = new Promise<Reply>((resolve, reject) => {
    stream.on('error', reject)
    stream.on('close', () =>
      resolve({
        httpStatus: Number(all[':status']),
        status: all['grpc-status']?.toString(),
        text: decodeURIComponent(String(all['grpc-message'] ?? '')),
        headers: all,
        bytes: Buffer.concat(chunks),
      }),
    )
  })
  return { stream, reply }
}

function call(
  client: ClientHttp2Session,
  body: Uint8Array,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const { stream, reply } = open(client, headers)
  stream.end(body)
  return reply
}

function compressed(bytes: Uint8Array): Buffer {
  const framed = frame(gzipSync(bytes))
  framed[0] = 1
  return framed
}

describe('the gRPC server', () => {
  it('answers a call with a message, and its status behind it', async () => {
    const { client, room } = await start()
    const reply = await call(client, frame(Buffer.from('hello')))
    expect(reply).toMatchObject({ httpStatus: 200, status: '0' })
    expect(reply.headers['content-type']).toBe('application/grpc')
    expect(reply.bytes).toEqual(frame(Buffer.from('hello')))
    expect(room.held).toBe(0)
  })

  it('takes messages in pieces, empty ones, and ones in gzip', async () => {
    const { client, room } = await start()
    const { stream, reply } = open(client)
    for (const byte of frame(Buffer.from('piece'))) stream.write(Buffer.of(byte))
    stream.end()
    expect((await reply).bytes.subarray(5).toString()).toBe('piece')
    expect((await call(client, frame(new Uint8Array()))).status).toBe('0')
    const zipped = await call(client, compressed(Buffer.from('zip')), { 'grpc-encoding': 'gzip' })
    expect(zipped.bytes.subarray(5).toString()).toBe('zip')
    const plain = await call(client, frame(Buffer.from('plain')), { 'grpc-encoding': 'gzip' })
    expect(plain.bytes.subarray(5).toString()).toBe('plain')
    expect(room.held).toBe(0)
  })

  it.each([
    [
      'of an unknown method',
      frame(new Uint8Array()),
      { ':path': '/shop.v1.Orders/Get' },
      '12',
      'unknown method',
    ],
    ['in an unknown encoding', frame(new Uint8Array()), { 'grpc-encoding': 'br' }, '12', 'br'],
    ['without a message', Buffer.alloc(0), {}, '12', 'none came'],
    ['with two messages', Buffer.concat([frame(Buffer.of(1)), frame(Buffer.of(2))]), {}, '12', 'more came'],
    ['cut short in its head', Buffer.of(0, 0), {}, '13', 'cut short'],
    ['cut short in its message', frame(Buffer.of(1, 2, 3)).subarray(0, 6), {}, '13', 'cut short'],
    ['with an unknown flag', Buffer.of(7, 0, 0, 0, 0), {}, '13', 'flag 7'],
    ['compressed and not saying how', compressed(Buffer.of(1)), {}, '13', 'grpc-encoding'],
    ['that is no gzip', Buffer.of(1, 0, 0, 0, 2, 9, 9), { 'grpc-encoding': 'gzip' }, '13', 'no gzip'],
    ['too large', frame(Buffer.alloc(1001)), {}, '8', '1000 bytes'],
    ['too large by its word', Buffer.of(0, 255, 255, 255, 255), {}, '8', '1000 bytes'],
    ['that is a bomb', compressed(Buffer.alloc(900_000)), { 'grpc-encoding': 'gzip' }, '8', '1000 bytes'],
  ])('refuses a call %s', async (_what, body, headers, status, text) => {
    const { client, room } = await start()
    const reply = await call(client, body, headers)
    expect(reply).toMatchObject({ httpStatus: 200, status, text: expect.stringContaining(text) })
    expect(reply.headers['grpc-accept-encoding']).toBe('identity,gzip')
    await expect.poll(() => room.held).toBe(0)
    expect((await call(client, frame(Buffer.of(1)))).status).toBe('0')
  })

  it('refuses what is no gRPC in terms of HTTP', async () => {
    const { client } = await start()
    expect((await call(client, Buffer.of(1), { 'content-type': 'application/json' })).httpStatus).toBe(415)
    expect((await call(client, Buffer.of(1), { 'content-type': 'application/grpc-web' })).httpStatus).toBe(
      415,
    )
    const { stream, reply } = open(client, { ':method': 'PUT' })
    stream.end()
    expect((await reply).httpStatus).toBe(405)
  })

  it('refuses while there is no room, with what the method says of it', async () => {
    const { client, room, refused } = await start()
    room.isFull = true
    const reply = await call(client, frame(Buffer.of(1)))
    expect(reply).toMatchObject({ status: '8', text: 'full' })
    expect(reply.headers['grpc-retry-pushback-ms']).toBe('5')
    expect(refused).toHaveLength(1)
    room.isFull = false
    expect((await call(client, frame(Buffer.of(1)))).status).toBe('0')
  })

  it('hands on how a method failed, in any script', async () => {
    const { client } = await start(async () => ({ code: GRPC.invalidArgument, text: '100 % 軌跡\n' }))
    expect(await call(client, frame(Buffer.of(1)))).toMatchObject({ status: '3', text: '100 % 軌跡\n' })
  })

  it('says that it could not where a method throws', async () => {
    const { client, room } = await start(() => Promise.reject(new Error('disk')))
    expect((await call(client, frame(Buffer.of(1)))).status).toBe('14')
    await expect.poll(() => room.held).toBe(0)
  })

  it('keeps to the deadline of the client, and to the room until the method is done', async () => {
    const gate = Promise.withResolvers<GrpcAnswer>()
    const { client, room } = await start(() => gate.promise)
    const reply = await call(client, frame(Buffer.from('slow')), { 'grpc-timeout': '50m' })
    expect(reply.status).toBe('4')
    expect(room.held).toBe(4)
    gate.resolve({ code: GRPC.ok, message: Buffer.of() })
    await expect.poll(() => room.held).toBe(0)
  })

  it('gives the room back when the client goes in the middle of a message', async () => {
    const { client, room, refused } = await start()
    const { stream, reply } = open(client)
    stream.write(frame(Buffer.alloc(100)).subarray(0, 50))
    await expect.poll(() => room.held).toBe(100)
    client.destroy()
    await reply.catch(() => undefined)
    await expect.poll(() => room.held).toBe(0)
    expect(refused).toMatchObject([{ code: GRPC.cancelled }])
  })

  it('lets running calls end when it closes, and says go away', async () => {
    const gate = Promise.withResolvers<GrpcAnswer>()
    const started = Promise.withResolvers<void>()
    const { server, client } = await start(() => {
      started.resolve()
      return gate.promise
    })
    const away = new Promise(resolve => client.on('goaway', resolve))
    const running = call(client, frame(Buffer.of(1)))
    await started.promise
    const closed = server.close(5000)
    await away
    gate.resolve({ code: GRPC.ok, message: Buffer.of(2) })
    expect((await running).status).toBe('0')
    await closed
    await expect.poll(() => client.closed || client.destroyed).toBe(true)
  })

  it('cuts what does not end, and who never spoke', async () => {
    const started = Promise.withResolvers<void>()
    const { server, client } = await start(() => {
      started.resolve()
      return new Promise(() => undefined)
    })
    const running = call(client, frame(Buffer.of(1))).catch(() => undefined)
    await started.promise
    const silent = connectTcp(server.port, '127.0.0.1')
    await new Promise(resolve => silent.once('connect', resolve))
    const gone = new Promise(resolve => silent.once('close', resolve))
    silent.on('error', () => undefined).resume()
    await server.close(50)
    await Promise.all([running, gone])
  })

  it('survives who speaks no HTTP/2', async () => {
    const { server, client } = await start()
    const socket = connectTcp(server.port, '127.0.0.1').on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise(resolve => socket.resume().once('close', resolve))
    expect((await call(client, frame(Buffer.of(1)))).status).toBe('0')
  })
})
