import { Agent } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp } from './testing/echo-app.ts'
import { ask, echoOf } from './testing/http-client.ts'
import { booksOn, clusterOf, startRig } from './testing/rig.ts'
import { seededRandom } from './testing/seeded-random.ts'

const closing = closedAfterEach()

describe('headers', () => {
  it('that concern one connection only stay behind', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: false }))
    const answer = await ask({
      port: rig.outbound,
      headers: {
        connection: 'keep-alive, X-Hop',
        'x-hop': '1',
        'keep-alive': 'timeout=5',
        'proxy-connection': 'keep-alive',
        'proxy-authorization': 'Basic c2VjcmV0',
        'x-stays': 'yes',
      },
    })
    expect(echoOf(answer).headers).toEqual({ host: 'books.shop', 'x-stays': 'yes' })
    expect(answer.headers['keep-alive']).toBeUndefined()
  })

  it('are not touched while tracing is off', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: false }))
    const headers = { 'x-b3-traceid': 'junk', traceparent: 'also', b3: '0', 'x-request-id': 'mine' }
    const seen = echoOf(await ask({ port: rig.outbound, headers })).headers
    expect(seen).toMatchObject(headers)
    const bare = echoOf(await ask({ port: rig.outbound })).headers
    expect(bare).toEqual({ host: 'books.shop' })
  })
})

describe('the target', () => {
  it('in absolute form becomes origin form, and its host is the host', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const path = 'http://Books.Shop:80/a?b=c'
    const seen = echoOf(await ask({ port: rig.outbound, path, headers: { host: 'elsewhere' } }))
    expect(seen).toMatchObject({ url: '/a?b=c', headers: { host: 'Books.Shop:80' } })
    const bare = echoOf(await ask({ port: rig.outbound, path: 'http://books.shop?q' }))
    expect(bare.url).toBe('/?q')
  })

  it('beyond the mesh is passed on where egress is allowed, else refused', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ egress: true }))
    const path = `http://localhost:${app.port}/out`
    expect(echoOf(await ask({ port: rig.outbound, path })).url).toBe('/out')
    await rig.reconfigure({ egress: false })
    const refused = await ask({ port: rig.outbound, path })
    expect(refused.status).toBe(403)
    expect(refused.headers['x-kiseki-reason']).toBe('egress-off')
  })

  it('that leads back to the sidecar is not followed', async () => {
    const rig = closing(await startRig({ egress: true }))
    const answer = await ask({ port: rig.outbound, path: `http://localhost:${rig.outbound}/` })
    expect(answer.status).toBe(508)
    expect(answer.headers['x-kiseki-reason']).toBe('loop')
  })

  it('without endpoints is answered 503 and says why', async () => {
    const rig = closing(await startRig({ hosts: { 'books.shop:80': 'b' }, clusters: { b: clusterOf() } }))
    const answer = await ask({ port: rig.outbound })
    expect(answer.status).toBe(503)
    expect(answer.headers['x-kiseki-reason']).toBe('no-endpoints')
    expect(answer.body.toString()).toContain('no endpoint')
  })

  it('with several endpoints is balanced by weight, request by request', async () => {
    const apps = [closing(await startApp()), closing(await startApp())]
    const endpoints = apps.map((app, index) => ({
      address: '127.0.0.1',
      port: app.port,
      weight: index === 0 ? 3 : 1,
    }))
    const rig = closing(
      await startRig({
        hosts: { 'books.shop:80': 'b' },
        clusters: { b: { protocol: 'http', endpoints } },
        ground: { random: seededRandom() },
      }),
    )
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let count = 0; count < 40; count++) await ask({ port: rig.outbound, agent })
    agent.destroy()
    const [first = 0, second = 0] = apps.map(app => app.requests.length)
    expect(first + second).toBe(40)
    expect(first).toBeGreaterThan(25)
    expect(second).toBeGreaterThan(5)
  })
})
