import { type ClientHttp2Stream, constants, type ServerHttp2Stream } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { type Http2Client, http2Client, startHttp2App } from '../testing/http2-peers.ts'
import { booksWith, startRig } from '../testing/rig.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { endedRequests, expectBooksToBalance, runningAt, statOf } from '../testing/stats.ts'

const closing = closedAfterEach()

const REQUESTS = 300
const CLIENTS = 4
const EACH = 4

/** What an endpoint may do with a request, and worse. */
const DEEDS: readonly ((stream: ServerHttp2Stream) => unknown)[] = [
  stream => {
    stream.respond({})
    stream.end('ok')
  },
  stream => stream.respond({ ':status': 503 }, { endStream: true }),
  stream => stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true }),
  stream => {
    stream.respond({ 'content-length': '10' })
    stream.end('half')
  },
  stream => {
    stream.respond({})
    stream.write(Buffer.alloc(5000))
    stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  },
  stream => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  stream => stream.close(constants.NGHTTP2_CANCEL),
  stream => stream.session?.goaway(),
  stream => stream.session?.destroy(),
  () => undefined,
]

function trouble(random: () => number) {
  return startHttp2App(
    stream => {
      stream.resume()
      // Half of all goes well.
      DEEDS[random() < 0.5 ? 0 : Math.floor(random() * DEEDS.length)]?.(stream)
    },
    { maxConcurrentStreams: 3 },
  )
}

/** Some do not wait for the answer, some not even to have sent all. */
function ask(client: Http2Client, random: () => number): Promise<void> {
  const post = random() < 0.4
  const stream: ClientHttp2Stream = client.session.request(
    { ':method': post ? 'POST' : 'GET', ...(random() < 0.3 ? { 'content-type': 'application/grpc' } : {}) },
    { endStream: !post },
  )
  stream.on('error', () => undefined)
  stream.resume()
  if (post) {
    stream.write(Buffer.alloc(Math.floor(random() * 100_000)))
    if (random() < 0.9) stream.end('end')
  }
  if (random() < 0.15) stream.on('ready', () => stream.close(constants.NGHTTP2_CANCEL))
  return new Promise(resolve => stream.on('close', () => resolve()))
}

describe('the ledger of requests over HTTP/2', () => {
  it.each([1, 2, 3])(
    'adds up whatever endpoints and clients do: %i',
    async seed => {
      const random = seededRandom(seed)
      const apps = [closing(await trouble(random)), closing(await trouble(random))]
      const limits = { maxConnections: 3, maxPendingRequests: 4, maxRequests: 13 }
      const retry = { on: ['gateway-error' as const, 'reset' as const], times: 2, backoffMillis: 2 }
      const rig = closing(
        await startRig({
          ...booksWith({ ...limits, retry }, ...apps.map(app => app.port)),
          timeoutMillis: 150,
          ground: { random },
        }),
      )
      let left = REQUESTS
      const work = async (): Promise<void> => {
        while (left > 0) {
          // A busy machine may find it idle before it has said anything.
          const client = await http2Client(rig.outbound).catch(() => undefined)
          if (client === undefined) continue
          closing(client)
          for (let count = 0; count < 20 && left > 0; count++) {
            left -= EACH
            if (client.session.closed || client.session.destroyed) break
            await Promise.all(Array.from({ length: EACH }, () => ask(client, random)))
          }
        }
      }
      await Promise.all(Array.from({ length: CLIENTS }, work))
      while ((await runningAt(rig)).active > 0);
      expect(await runningAt(rig)).toEqual({ active: 0, pending: 0 })

      const ended = await endedRequests(rig)
      const retries = await statOf(rig, 'kiseki_sidecar_retries_total', 'outbound')
      expect(ended).toBeGreaterThan(REQUESTS * 0.5)
      expect(retries).toBeGreaterThan(0)
      expect(await statOf(rig, 'sidecar_cluster_upstream_rq_retry_total', 'books')).toBeLessThanOrEqual(
        retries,
      )
      await expectBooksToBalance(rig, ended, retries)
    },
    30_000,
  )
})
