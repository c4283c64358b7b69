import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startTcpApp } from '../testing/echo-app.ts'
import { http2Client, startHttp2App } from '../testing/http2-peers.ts'
import {
  data,
  frame,
  GET,
  headers,
  type Lines,
  POST,
  reset,
  settings,
  windowUpdate,
} from '../testing/raw-frames.ts'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { runningAt } from '../testing/stats.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

const TIMES = 150
const AT_ONCE = 10

const OK: Lines = [
  [':status', '200'],
  ['content-type', 'text/plain'],
]
const TRAILERS: Lines = [['grpc-status', '0']]

/** What a client says that keeps to the rules. */
const ASKING: readonly Buffer[] = [
  settings([4, 70_000], [5, 20_000]),
  headers(1, GET),
  headers(3, [...POST, ['content-length', '10']], 0),
  data(3, 'x'.repeat(4)),
  data(3, 'x'.repeat(6), Frame.END_STREAM),
  headers(5, [...POST, ['te', 'trailers'], ['cookie', 'a=b']], 0),
  frame(
    Frame.DATA,
    Frame.PADDED,
    5,
    Buffer.concat([Buffer.from([3]), Buffer.from('padded'), Buffer.alloc(3)]),
  ),
  headers(5, TRAILERS),
  windowUpdate(0, 1000),
  windowUpdate(5, 1000),
  frame(Frame.PING, 0, 0, Buffer.alloc(8)),
  frame(Frame.PRIORITY, 0, 7, Buffer.alloc(5)),
  frame(Frame.HEADERS, Frame.END_STREAM, 9, headers(9, GET).subarray(9, 30)),
  frame(Frame.CONTINUATION, Frame.END_HEADERS, 9, headers(9, GET).subarray(30)),
  headers(11, POST, 0),
  reset(11, 8),
  frame(Frame.SETTINGS, Frame.ACK, 0),
]

/** What a server says to three requests. */
const ANSWERING: readonly Buffer[] = [
  settings([3, 50], [4, 70_000]),
  frame(Frame.SETTINGS, Frame.ACK, 0),
  headers(1, [[':status', '103']], 0),
  headers(1, OK, 0),
  data(1, 'hello'),
  data(1, 'world', Frame.END_STREAM),
  headers(3, OK, 0),
  data(3, 'x'),
  headers(3, TRAILERS),
  frame(Frame.HEADERS, Frame.END_STREAM, 5, headers(5, OK).subarray(9, 20)),
  frame(Frame.CONTINUATION, Frame.END_HEADERS, 5, headers(5, OK).subarray(20)),
  windowUpdate(0, 1000),
  frame(Frame.PING, 0, 0, Buffer.alloc(8)),
  frame(Frame.GOAWAY, 0, 0, Buffer.from([0, 0, 0, 5, 0, 0, 0, 0])),
]

/** The frames with something lost, doubled, moved, changed or put in; sometimes nothing. */
function spoilt(frames: readonly Buffer[], random: () => number): Buffer {
  const below = (most: number): number => Math.floor(random() * most)
  const all = [...frames]
  for (let left = below(4); left > 0; left--) {
    const at = below(all.length)
    const one = Buffer.from(all[at] ?? Buffer.alloc(0))
    const deed = below(7)
    if (deed === 0) all.splice(at, 1)
    else if (deed === 1) all.splice(at, 0, one)
    else if (deed === 2) all.push(...all.splice(at, 1))
    else if (deed === 3)
      all.splice(at, 0, frame(below(12), below(64), below(13), Buffer.alloc(below(20), below(256))))
    else if (deed === 4) all[at] = one.subarray(0, below(one.length))
    else if (one.length > 0) {
      one[below(deed === 5 ? Math.min(9, one.length) : one.length)] = below(256)
      all[at] = one
    }
  }
  return Buffer.concat(all)
}

async function works(rig: Rig): Promise<void> {
  const client = closing(await http2Client(rig.outbound))
  expect((await client.ask({ body: Buffer.from('still') })).body.toString()).toBe('still')
}

/** So that each of `TIMES` is done, some at once. */
async function manyTimes(once: () => Promise<void>): Promise<void> {
  let left = TIMES
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await once()
    }),
  )
}

describe('whatever comes by HTTP/2', () => {
  it.each([1, 2, 3])(
    'from a client does no harm, and nothing of it reaches an endpoint that breaks the rules: %i',
    async seed => {
      const random = seededRandom(seed)
      const complaints: unknown[] = []
      const app = closing(await startHttp2App())
      app.server.on('sessionError', error => complaints.push(error))
      const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 300 }))
      await manyTimes(async () => {
        const socket = connect(rig.outbound, '127.0.0.1')
        sockets.push(socket)
        socket.on('error', () => undefined).resume()
        const bytes = Buffer.concat([Frame.PREFACE, spoilt(ASKING, random)])
        const cut = Math.floor(random() * bytes.length)
        socket.write(bytes.subarray(0, cut))
        socket.end(bytes.subarray(cut))
        await new Promise(resolve => socket.on('close', resolve))
      })
      while ((await runningAt(rig)).active > 0);
      await works(rig)
      expect(complaints).toEqual([])
      expect(await runningAt(rig)).toEqual({ active: 0, pending: 0 })
    },
    30_000,
  )

  it.each([4, 5, 6])(
    'from an endpoint does no harm, and nothing of it reaches a client that breaks the rules: %i',
    async seed => {
      const random = seededRandom(seed)
      const complaints: unknown[] = []
      const bad = closing(
        await startTcpApp(socket => {
          socket.once('data', () => socket.end(spoilt(ANSWERING, random)))
        }),
      )
      const app = closing(await startHttp2App())
      const rig = closing(await startRig(booksOn(bad.port)))
      await manyTimes(async () => {
        const client = await http2Client(rig.outbound)
        client.session.on('error', error => complaints.push(error))
        await Promise.all([client.ask(), client.ask({ body: Buffer.from('x') }), client.ask()])
        await client.close()
      })
      expect(await runningAt(rig)).toEqual({ active: 0, pending: 0 })
      await rig.reconfigure(booksOn(app.port))
      await works(rig)
      expect(complaints).toEqual([])
    },
    30_000,
  )
})
