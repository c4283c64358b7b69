import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { SpanLedger } from './export/span-ledger.ts'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { startCollector } from './testing/fake-collector.ts'
import { ask } from './testing/http-client.ts'
import { booksOn, eventually, POD_UID, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

/** The law of the books. */
function balances(spans: SpanLedger): boolean {
  const dropped = Object.values(spans.dropped).reduce((sum, each) => sum + each, 0)
  return spans.recorded === spans.acknowledged + spans.queued + dropped
}

describe('the export', () => {
  it('sends batches that name their sender and number, and counts what was acknowledged', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    for (let count = 0; count < 20; count++) await ask({ port: rig.outbound })
    expect(rig.sidecar.spans.recorded).toBe(20)
    await eventually(() => rig.sidecar.spans.acknowledged === 20)
    await ask({ port: rig.outbound })
    await rig.stopSidecar()
    const [first, second] = rig.collector.batches
    expect(first).toMatchObject({
      path: '/api/v2/spans',
      headers: {
        host: 'jaeger.osm-system.svc.cluster.local:9411',
        'content-type': 'application/json',
        'x-kiseki-sequence': '1',
      },
    })
    expect(first?.headers['x-kiseki-sender']).toMatch(new RegExp(`^${POD_UID}/[0-9a-f-]{36}$`))
    expect(second?.headers['x-kiseki-sequence']).toBe('2')
    expect(second?.headers['x-kiseki-sender']).toBe(first?.headers['x-kiseki-sender'])
    expect(rig.collector.spans).toHaveLength(21)
    expect(rig.sidecar.spans).toMatchObject({ recorded: 21, acknowledged: 21, queued: 0 })
  })

  it('tries again after 500, 429 and a broken connection, with the same number, and loses nothing', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    let answers = 0
    rig.collector.answer = response => {
      answers++
      if (answers === 1) response.writeHead(500).end('no')
      else if (answers === 2) response.writeHead(429, { 'retry-after': '0' }).end()
      else if (answers === 3) response.destroy()
      else response.writeHead(202).end()
    }
    await ask({ port: rig.outbound })
    while (rig.sidecar.spans.acknowledged === 0) {
      expect(balances(rig.sidecar.spans)).toBe(true)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(rig.collector.batches.map(batch => batch.headers['x-kiseki-sequence'])).toEqual([
      '1',
      '1',
      '1',
      '1',
    ])
    expect(rig.sidecar.spans).toMatchObject({ recorded: 1, acknowledged: 1, queued: 0 })
    expect(rig.logs.join('')).toContain('status 500: no')
  })

  it('gives up at once what the collector refuses', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    rig.collector.answer = response => void response.writeHead(400).end('bad span')
    await ask({ port: rig.outbound })
    await eventually(() => rig.sidecar.spans.dropped.refused === 1)
    expect(rig.collector.batches).toHaveLength(1)
    expect(balances(rig.sidecar.spans)).toBe(true)
  })

  it('survives a collector that talks nonsense or is not there, and says why spans are lost', async () => {
    const nonsense = closing(
      await startTcpApp(socket => void socket.on('data', () => socket.end('nonsense'))),
    )
    const app = closing(await startApp())
    const resolved = [{ address: '127.0.0.1', port: nonsense.port }]
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: { resolved } }))
    await ask({ port: rig.outbound })
    await eventually(() => rig.logs.join('').includes('did not take spans'))
    expect(rig.sidecar.spans).toMatchObject({ recorded: 1, queued: 1 })
    await rig.sidecar.stop()
    expect(rig.sidecar.spans).toMatchObject({
      recorded: 1,
      acknowledged: 0,
      queued: 0,
      dropped: { stopped: 1 },
    })
  })

  it('is not stopped for ever by an answer that is none', async () => {
    const answers = [
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n',
    ]
    const strange = closing(
      await startTcpApp(
        (socket, index) => void socket.once('data', () => socket.write(answers[index] ?? '')),
      ),
    )
    const app = closing(await startApp())
    const resolved = [{ address: '127.0.0.1', port: strange.port }]
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: { resolved } }))
    await ask({ port: rig.outbound })
    await eventually(() => rig.sidecar.spans.acknowledged === 1)
    expect(balances(rig.sidecar.spans)).toBe(true)
  })

  it('follows the address: what was sealed before goes to the old one, what comes after to the new', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const other = closing(await startCollector())
    await ask({ port: rig.outbound, path: '/before' })
    const resolved = [{ address: '127.0.0.1', port: other.port }]
    await rig.reconfigure({ ...booksOn(app.port), tracing: { address: 'other.example', resolved } })
    await ask({ port: rig.outbound, path: '/after' })
    await eventually(() => rig.sidecar.spans.acknowledged === 2)
    expect(rig.collector.spans.map(span => span.name)).toEqual(['GET /before'])
    expect(other.spans.map(span => span.name)).toEqual(['GET /after'])
    expect(other.batches[0]?.headers['host']).toBe('other.example:9411')
  })

  it('goes to where the same name leads now', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const moved = closing(await startCollector())
    await ask({ port: rig.outbound })
    await rig.reconfigure({
      ...booksOn(app.port),
      tracing: { resolved: [{ address: '127.0.0.1', port: moved.port }] },
    })
    await eventually(() => rig.sidecar.spans.acknowledged === 1)
    expect(moved.spans).toHaveLength(1)
  })

  it('goes by the name and port of the collector where the mesh does not know it', async () => {
    const app = closing(await startApp())
    const own = closing(await startCollector())
    const tracing = { address: 'localhost', port: own.port, resolved: [] }
    const rig = closing(await startRig({ ...booksOn(app.port), tracing }))
    await ask({ port: rig.outbound })
    await eventually(() => own.spans.length === 1)
  })

  it('names a collector with an IPv6 address as a host header has it', async () => {
    const app = closing(await startApp())
    const own = closing(await startCollector())
    const resolved = [{ address: '127.0.0.1', port: own.port }]
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: { address: 'fd00::9', resolved } }))
    await ask({ port: rig.outbound })
    await eventually(() => own.spans.length === 1)
    expect(own.batches[0]?.headers['host']).toBe('[fd00::9]:9411')
  })

  it('ends with tracing: the headers are left alone, no connection is left', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    await ask({ port: rig.outbound })
    await rig.reconfigure({ ...booksOn(app.port), tracing: false })
    const answer = await ask({ port: rig.outbound })
    expect(answer.body.toString()).not.toContain('x-b3')
    await eventually(() => rig.sidecar.spans.acknowledged === 1)
    expect(rig.sidecar.spans.recorded).toBe(1)
    while ((await rig.collector.connections()) > 0) await new Promise(resolve => setImmediate(resolve))
    await rig.reconfigure({ ...booksOn(app.port), tracing: {} })
    await ask({ port: rig.outbound })
    await eventually(() => rig.sidecar.spans.acknowledged === 2)
  })

  it('counts the span of an exchange that outlives tracing', async () => {
    const held: ServerResponse[] = []
    const app = closing(await startApp((_, response) => void held.push(response)))
    const rig = closing(await startRig(booksOn(app.port)))
    const answer = ask({ port: rig.outbound })
    await eventually(() => app.requests.length === 1)
    await rig.reconfigure({ ...booksOn(app.port), tracing: false })
    held[0]?.end()
    await answer
    await eventually(() => rig.sidecar.spans.recorded === 1)
    expect(rig.sidecar.spans.dropped.disabled).toBe(1)
    expect(balances(rig.sidecar.spans)).toBe(true)
  })
})
