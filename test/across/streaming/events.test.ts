import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '../../../src/sidecar/testing/echo-app.ts'
import { HOST, startTwoSidecars, type TwoSidecars } from './two-sidecars.ts'

const EVENTS = 20

let app: App
let way: TwoSidecars
/** What the app answers with; it is told what to say by the test. */
let answering: (response: ServerResponse) => void = () => undefined

beforeAll(async () => {
  app = await startApp((_, response) => answering(response))
  way = await startTwoSidecars(app.port)
})

afterAll(async () => {
  await way.end()
  await app.close()
})

/** Asks, and gives back both ends of what comes then. */
async function subscribe(framing: string): Promise<[ServerResponse, IncomingMessage]> {
  const answered = new Promise<ServerResponse>(resolve => {
    answering = response => {
      if (framing === 'until the end') response.useChunkedEncodingByDefault = false
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.flushHeaders()
      resolve(response)
    }
  })
  const asking = request({
    host: way.client.address,
    port: way.client.outbound,
    headers: { host: HOST, accept: 'text/event-stream' },
  })
  asking.end()
  const [[incoming], response] = await Promise.all([once(asking, 'response'), answered])
  return [response, incoming]
}

describe.each(['chunked', 'until the end'])('server-sent events, %s', framing => {
  it('arrive one by one: each is seen before the next is said', async () => {
    const [response, incoming] = await subscribe(framing)
    incoming.setEncoding('utf8')
    for (let at = 0; at < EVENTS; at++) {
      const event = `id: ${at}\ndata: {"price": ${at}}\n\n`
      response.write(event)
      const [seen] = await once(incoming, 'data')
      expect(seen).toBe(event)
    }
    response.end()
    await once(incoming, 'end')
  })

  it('end where the reader goes away', async () => {
    const [response, incoming] = await subscribe(framing)
    response.write('data: 1\n\n')
    await once(incoming, 'data')
    const closed = once(response, 'close')
    incoming.destroy()
    await closed
  })
})
