import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp } from './testing/echo-app.ts'
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

  it('dumps the configuration, with the tracing address where documentation looks for it', async () => {
    const rig = await usedRig()
    const dump = await text(rig.sidecar.ports.admin, '/config_dump')
    expect(dump).toContain('      "name": "pipy-tracing-cluster",\n      "type": "LOGICAL_DNS",\n')
    expect(dump).toContain('"address": "jaeger.osm-system.svc.cluster.local",\n')
    expect(dump).toContain('"port_value": 9411')
    expect(JSON.parse(dump)).toMatchObject({
      tracing: { enable: true, last_export: 'acknowledged' },
      spans: { recorded: 2, acknowledged: 2, queued: 0, dropped: { refused: 0 } },
      sidecar_config: { identity: { workload: 'shop' } },
    })
    await rig.reconfigure({ tracing: false })
    const without = await text(rig.sidecar.ports.admin, '/config_dump')
    expect(without).not.toContain('pipy-tracing-cluster')
    expect(JSON.parse(without)).toMatchObject({ tracing: { enable: false } })
  })

  it('prints clusters, listeners and stats', async () => {
    const rig = await usedRig()
    const { admin } = rig.sidecar.ports
    expect(await text(admin, '/clusters')).toMatch(/^shop\/books\|80::127\.0\.0\.1:\d+::weight::1\n/)
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
