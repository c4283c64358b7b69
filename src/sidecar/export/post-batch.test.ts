import { Agent } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { CONNECT_MILLIS, postBatch } from './post-batch.ts'

/** As to a host that swallows what is sent to it. */
class SilentAgent extends Agent {
  override createConnection(): Socket {
    const socket = new Socket()
    Object.defineProperty(socket, 'connecting', { value: true })
    return socket
  }
}

it('does not wait for a connection longer than the dump of the configuration says', async () => {
  const began = performance.now()
  const outcome = await postBatch({
    agent: new SilentAgent(),
    to: { address: '192.0.2.1', port: 9411 },
    path: '/api/v2/spans',
    authority: 'collector.example:9411',
    sender: 'uid/boot',
    batch: { body: Buffer.from('[{}]'), spans: 1, sequence: 1, sealedAtMillis: 0 },
    signal: AbortSignal.any([]),
  })
  expect(outcome).toEqual({ status: 'unreachable', detail: 'no connection in time' })
  expect(performance.now() - began).toBeGreaterThanOrEqual(CONNECT_MILLIS - 1)
})
