import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { eventually } from '../../../src/sidecar/testing/rig.ts'
import { HOST, startTwoSidecars, type TwoSidecars } from './two-sidecars.ts'

const BIG_BYTES = 16 * 1024 * 1024
const MANY = 50

let server: Server
let sockets: WebSocketServer
let way: TwoSidecars

/** Says everything back; `/close/CODE` is closed with that code, `/break` is broken off, `/no` refused. */
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404).end())
  sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 * BIG_BYTES,
    perMessageDeflate: { threshold: 1024 },
    handleProtocols: offered => (offered.has('chat.v2') ? 'chat.v2' : false),
  })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/no') {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, each => {
      each.on('message', (data, isBinary) => each.send(data, { binary: isBinary }))
      const [, code] = /^\/close\/(\d+)$/.exec(request.url ?? '') ?? []
      if (code !== undefined) each.close(Number(code), 'that was it')
      if (request.url === '/break') each.terminate()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  way = await startTwoSidecars((server.address() as AddressInfo).port)
})

/** Each test has the server for itself. */
afterEach(() => eventually(() => sockets.clients.size === 0))

afterAll(async () => {
  await way.end()
  for (const each of sockets.clients) each.terminate()
  server.close()
})

interface Chosen {
  readonly protocols?: readonly string[]
  readonly perMessageDeflate?: boolean
}

/** As an app of the mesh does it: to the name, by way of its sidecar. */
function dial(path = '/', { protocols = [], perMessageDeflate = false }: Chosen = {}): WebSocket {
  return new WebSocket(`ws://${HOST}${path}`, [...protocols], {
    perMessageDeflate,
    maxPayload: 2 * BIG_BYTES,
    createConnection: () => connect({ port: way.client.outbound, host: way.client.address }),
  })
}

async function dialled(path?: string, chosen?: Chosen): Promise<WebSocket> {
  const client = dial(path, chosen)
  await once(client, 'open')
  return client
}

async function echo(client: WebSocket, message: string | Buffer): Promise<Buffer> {
  client.send(message)
  const [answer] = await once(client, 'message')
  return answer
}

describe('a WebSocket through two sidecars', () => {
  it('carries text and binary, one after another', async () => {
    const client = await dialled()
    for (let at = 0; at < MANY; at++)
      expect(String(await echo(client, `message ${at}: 軌跡`))).toBe(`message ${at}: 軌跡`)
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 300_000]) {
      const message = randomBytes(size)
      expect((await echo(client, message)).equals(message)).toBe(true)
    }
    client.close()
    await once(client, 'close')
  })

  it('carries messages of 16 MiB, in one frame and in several, packed and not', async () => {
    const message = randomBytes(BIG_BYTES)
    for (const perMessageDeflate of [false, true]) {
      const client = await dialled('/', { perMessageDeflate })
      expect((await echo(client, message)).equals(message)).toBe(true)
      const quarter = BIG_BYTES / 4
      for (let at = 0; at < 4; at++) {
        client.send(message.subarray(at * quarter, (at + 1) * quarter), { binary: true, fin: at === 3 })
      }
      const [answer] = await once(client, 'message')
      expect((answer as Buffer).equals(message)).toBe(true)
      client.close()
      await once(client, 'close')
    }
  })

  it('agrees on a protocol, and answers pings', async () => {
    const client = await dialled('/', { protocols: ['chat.v1', 'chat.v2'] })
    expect(client.protocol).toBe('chat.v2')
    client.ping('are you there?')
    const [said] = await once(client, 'pong')
    expect(String(said)).toBe('are you there?')
    client.close()
    await once(client, 'close')
  })

  it.each([1000, 1001, 1011, 1012, 4001])('is closed by the server with %i', async code => {
    const client = dial(`/close/${code}`)
    const [closed, reason] = await once(client, 'close')
    expect([closed, String(reason)]).toEqual([code, 'that was it'])
  })

  it.each([1000, 3000, 4999])('is closed by the client with %i', async code => {
    const client = await dialled()
    const [accepted] = sockets.clients
    const closed = Promise.all([once(accepted as WebSocket, 'close'), once(client, 'close')])
    client.close(code, 'enough')
    const [[seen, reason], [own]] = await closed
    expect([seen, String(reason), own]).toEqual([code, 'enough', code])
  })

  it('that is broken off by either side is broken off for the other', async () => {
    const [code] = await once(dial('/break'), 'close')
    expect(code).toBe(1006)
    const client = await dialled()
    const [accepted] = sockets.clients
    const closed = once(accepted as WebSocket, 'close')
    client.terminate()
    expect((await closed)[0]).toBe(1006)
  })

  it('that is refused says so', async () => {
    const client = dial('/no')
    const [, response] = await once(client, 'unexpected-response')
    expect(response.statusCode).toBe(401)
    response.resume()
    await once(response, 'end')
  })

  it('whose client ends its side of the connection still hears what the server says', async () => {
    const client = await dialled()
    const heard = new Promise<string>(resolve => client.once('message', data => resolve(String(data))))
    client.send('last words')
    // Not a close frame: the end of the bytes.
    tcpOf(client).end()
    expect(await heard).toBe('last words')
    await once(client, 'close')
  })

  it('is one of many that are not mixed up', async () => {
    const clients = await Promise.all(Array.from({ length: MANY }, () => dialled()))
    const messages = clients.map(() => randomBytes(10_000))
    const answers = await Promise.all(
      clients.map((client, at) => echo(client, messages[at] ?? Buffer.alloc(0))),
    )
    expect(answers.every((answer, at) => answer.equals(messages[at] ?? Buffer.alloc(0)))).toBe(true)
    for (const client of clients) client.close()
  })
})

/** `ws` keeps it for itself. */
function tcpOf(client: WebSocket): Socket {
  const socket: unknown = Reflect.get(client, '_socket')
  if (!(socket instanceof Socket)) throw new Error('no connection')
  return socket
}
