import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { booksOn, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

describe('what a span shows of a request', () => {
  it('are the headers that are named, from the next request on', async () => {
    const app = closing(await startApp())
    const options = { ...booksOn(app.port), inbound: { '9001': { appPort: app.port } } }
    const rig = closing(await startRig(options))
    const headers = { 'X-Tenant': 'acme', 'x-other': 'no' }
    await ask({ port: rig.outbound, headers })
    await rig.reconfigure({ ...options, tracing: { headerTags: ['x-tenant', 'x-absent'] } })
    await ask({ port: rig.outbound, headers })
    await ask({ port: rig.inbound, headers })
    await ask({ port: rig.outbound })
    await rig.stopSidecar()
    const shown = rig.collector.spans.map(({ tags }) =>
      Object.fromEntries(Object.entries(tags).filter(([name]) => name.startsWith('http.request.header.'))),
    )
    const tenant = { 'http.request.header.x-tenant': 'acme' }
    expect(shown).toEqual([{}, tenant, tenant, {}])
  })

  it('is as much of the query as is wanted; the app sees all of it', async () => {
    const app = closing(await startApp())
    const options = booksOn(app.port)
    const rig = closing(await startRig(options))
    const path = '/books?q=secret&page=2'
    for (const queryStrings of ['keep', 'redact', 'drop'] as const) {
      await rig.reconfigure({ ...options, tracing: { queryStrings } })
      await ask({ port: rig.outbound, path })
    }
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => [span.name, span.tags['http.url']])).toEqual([
      ['GET /books', 'http://books.shop/books?q=secret&page=2'],
      ['GET /books', 'http://books.shop/books?q=REDACTED&page=REDACTED'],
      ['GET /books', 'http://books.shop/books'],
    ])
    expect(app.requests.map(request => request.url)).toEqual([path, path, path])
  })
})
