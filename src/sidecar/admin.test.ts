import { describe, expect, it } from 'vitest'
import { collectorReachable } from '../model/tracing-report.ts'
import { parseTracingReport } from '../wire/tracing-report-json.ts'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { booksOn, eventually, type Rig, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

async function text(port: number, path: string, method = 'GET'): Promise<string> {
  const answer = await ask({ port, path, method })
  expect(answer.status).toBe(200)
  return answer.body.toString()
}

async function usedRig(): Promise<Rig> {
  const app = closing(await startApp())
  const rig = closing(await startRig({ ...booksOn(app.port), inbound: { '9001': { appPort: app.port } } }))
  await ask({ port: rig.outbound })
  await ask({ port: rig.inbound })
  await eventually(() => rig.sidecar.spans.acknowledged === 2)
  return rig
}

describe('the admin page', () => {
  it('says LIVE when the sidecar takes traffic', async () => {
    const rig = closing(await startRig())
    expect(await text(rig.sidecar.ports.admin, '/ready')).toBe('LIVE\n')
  })

  it('tells how tracing goes', async () => {
    const rig = await usedRig()
    const { admin } = rig.sidecar.ports
    const before = parseTracingReport(await text(admin, '/tracing'))
    expect(before).toMatchObject({
      revision: rig.control.answers.at(-1)?.revision,
      tracing: {
        address: 'jaeger.osm-system.svc.cluster.local',
        port: 9411,
        endpoint: '/api/v2/spans',
        sampledFraction: 1,
      },
      requests: {
        inbound: { seen: 1, sampled: 1, notSampled: 0 },
        outbound: { seen: 1, sampled: 1, notSampled: 0 },
      },
      spans: { recorded: 2, acknowledged: 2, queued: 0 },
      lastExport: { outcome: 'acknowledged', detail: '' },
    })
    expect(Object.values(before.spans.dropped)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(Math.abs((before.lastExport?.at ?? 0) - Date.now() * 1000)).toBeLessThan(60e6)
    await rig.reconfigure({ tracing: false })
    await ask({ port: rig.outbound })
    const off = parseTracingReport(await text(admin, '/tracing'))
    expect(off.requests.outbound).toEqual({ seen: 2, sampled: 1, notSampled: 0 })
    expect(off).not.toHaveProperty('tracing')
    expect(off).not.toHaveProperty('lastExport')
  })

  it('tells why the collector has no spans', async () => {
    const app = closing(await startApp())
    const nobody = closing(await startTcpApp(socket => void socket.destroy()))
    const rig = closing(await startRig(booksOn(app.port)))
    const { admin } = rig.sidecar.ports
    rig.collector.answer = response => void response.writeHead(400).end('bad span')
    await ask({ port: rig.outbound })
    await eventually(() => rig.sidecar.spans.dropped.refused === 1)
    const refused = parseTracingReport(await text(admin, '/tracing'))
    expect(refused.lastExport).toMatchObject({ outcome: 'refused', detail: 'status 400: bad span' })
    expect(collectorReachable(refused)).toBe(true)
    const resolved = [{ address: '127.0.0.1', port: nobody.port }]
    await rig.reconfigure({ ...booksOn(app.port), tracing: { port: 9412, resolved } })
    expect(collectorReachable(parseTracingReport(await text(admin, '/tracing')))).toBeUndefined()
    await ask({ port: rig.outbound })
    await eventually(() => rig.logs.join('').includes('socket hang up'))
    const unreachable = parseTracingReport(await text(admin, '/tracing'))
    expect(unreachable.lastExport).toMatchObject({ outcome: 'unreachable', detail: 'socket hang up' })
    expect(collectorReachable(unreachable)).toBe(false)
  })

  it('has no certificates to show, and knows no other pages', async () => {
    const rig = closing(await startRig())
    expect(JSON.parse(await text(rig.sidecar.ports.admin, '/certs'))).toEqual({ certificates: [] })
    for (const port of [rig.sidecar.ports.admin, rig.sidecar.ports.metrics]) {
      const unknown = await ask({ port, path: '/config_dump/private_key' })
      expect([unknown.status, unknown.body.toString()]).toEqual([404, 'Not Found\n'])
    }
  })

  it('prints clusters, listeners and stats', async () => {
    const rig = await usedRig()
    const { admin } = rig.sidecar.ports
    expect(await text(admin, '/clusters')).toMatch(
      /^pipy-tracing-cluster::jaeger\.osm-system\.svc\.cluster\.local:9411::endpoint::\/api\/v2\/spans\nshop\/books\|80::127\.0\.0\.1:\d+::weight::1\n/,
    )
    expect(await text(admin, '/listeners')).toBe(
      `inbound::127.0.0.1:${rig.inbound}\noutbound::127.0.0.1:${rig.outbound}\n`,
    )
    const stats = await text(admin, '/stats')
    expect(stats).toContain('kiseki_sidecar_spans_recorded_total: 2\n')
    expect(stats).toContain('sidecar_cluster_upstream_rq_total{sidecar_cluster_name="shop/books|80"}: 1\n')
  })

  it('gives Prometheus its metrics, on both ports', async () => {
    const rig = await usedRig()
    const { admin, metrics } = rig.sidecar.ports
    for (const [port, path] of [
      [admin, '/stats/prometheus'],
      [metrics, '/stats/prometheus'],
      [metrics, '/metrics'],
    ] as const) {
      const printed = await text(port, path)
      expect(printed).toContain('kiseki_sidecar_requests_total{direction="outbound",code_class="2xx"} 1\n')
      expect(printed).toContain('kiseki_sidecar_spans_acknowledged_total 2\n')
      expect(printed).toContain('kiseki_sidecar_spans_queued 0\n')
      expect(printed).toContain(
        'sidecar_cluster_upstream_rq_xx{sidecar_response_code_class="2",sidecar_cluster_name="shop/shop|9001|local"} 1\n',
      )
    }
  })

  it('passes on that the sidecar is asked to end', async () => {
    let asked = 0
    const rig = closing(await startRig({ ground: { onQuit: () => asked++ } }))
    expect(await text(rig.sidecar.ports.admin, '/quitquitquit', 'POST')).toBe('DONE\n')
    await eventually(() => asked === 1)
  })
})
