import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startTcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksWith, eventually, type Rig, startRig } from './testing/rig.ts'
import { seededRandom } from './testing/seeded-random.ts'
import { endedRequests, expectBooksToBalance, runningAt, statOf } from './testing/stats.ts'

const closing = closedAfterEach()

const REQUESTS = 300
const CLIENTS = 12

/** What an endpoint may do with a request, and worse. */
const DEEDS: readonly ((socket: Socket) => unknown)[] = [
  socket => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  socket => socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy'),
  socket => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok'),
  socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'),
  socket => socket.resetAndDestroy(),
  socket => socket.write('nonsense\r\n\r\n'),
  socket => socket.destroy(),
  () => undefined,
]

function trouble(random: () => number) {
  return startTcpApp(socket => {
    socket.on('data', () => {
      // Half of all goes well.
      const at = random() < 0.5 ? 0 : Math.floor(random() * DEEDS.length)
      DEEDS[at]?.(socket)
    })
  })
}

/** One request on a connection of its own; some do not wait for the answer. */
async function ask(rig: Rig, random: () => number): Promise<void> {
  const post = random() < 0.4
  const head = `${post ? 'POST' : 'GET'} / HTTP/1.1\r\nhost: books.shop\r\nconnection: close\r\n`
  const body = 'x'.repeat(Math.floor(random() * 5000))
  const request = post ? `${head}content-length: ${body.length}\r\n\r\n${body}` : `${head}\r\n`
  const client = await rawClient(rig.outbound, request)
  if (random() < 0.15) client.socket.resetAndDestroy()
  await client.closed()
}

describe('the ledger of requests', () => {
  it.each([1, 2, 3])(
    'adds up whatever endpoints and clients do: %i',
    async seed => {
      const random = seededRandom(seed)
      const apps = [closing(await trouble(random)), closing(await trouble(random))]
      const limits = { maxConnections: 3, maxPendingRequests: 4, maxRequests: 6 }
      const retry = { on: ['gateway-error' as const, 'reset' as const], times: 2, backoffMillis: 2 }
      const rig = closing(
        await startRig({
          ...booksWith({ ...limits, retry }, ...apps.map(app => app.port)),
          timeoutMillis: 150,
          ground: { random },
        }),
      )
      let left = REQUESTS
      const worker = async (): Promise<void> => {
        while (left-- > 0) await ask(rig, random)
      }
      await Promise.all(Array.from({ length: CLIENTS }, worker))
      await eventually(() => rig.sidecar.spans.recorded >= REQUESTS * 0.8)
      while ((await runningAt(rig)).active > 0);
      expect(await runningAt(rig)).toEqual({ active: 0, pending: 0 })

      const ended = await endedRequests(rig)
      const retries = await statOf(rig, 'kiseki_sidecar_retries_total', 'outbound')
      // A client that was gone before its head was read made no request.
      expect(ended).toBeLessThanOrEqual(REQUESTS)
      expect(ended).toBeGreaterThan(REQUESTS * 0.8)
      expect(retries).toBeGreaterThan(0)
      expect(await statOf(rig, 'sidecar_cluster_upstream_cx_overflow_total', 'books')).toBeGreaterThan(0)
      expect(await statOf(rig, 'sidecar_cluster_upstream_rq_overflow_total', 'books')).toBeGreaterThan(0)
      await expectBooksToBalance(rig, ended, retries)
      await eventually(() =>
        apps.every(app => app.sockets.every(socket => socket.destroyed || socket.readableEnded)),
      )
    },
    30_000,
  )
})
