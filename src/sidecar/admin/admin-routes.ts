import type { Json } from '../../model/json.ts'
import type { TracingReport } from '../../model/tracing-report.ts'
import { type Handler, type HttpResponse, type Route, text } from '../../runtime/http-exchange.ts'
import { METRICS_CONTENT_TYPE, type Metrics } from '../../runtime/metrics.ts'
import { encodeTracingReport } from '../../wire/tracing-report-json.ts'
import type { Tables } from '../routing/tables.ts'
import { clusterText } from './cluster-text.ts'

export interface OpenListener {
  readonly name: string
  readonly address: string
  readonly port: number
}

/**
 * `PRE_INITIALIZING`: not configured, or does not listen yet. `DRAINING`: it was told to stop; what still comes is served.
 */
export type TrafficState = 'PRE_INITIALIZING' | 'LIVE' | 'DRAINING'

export interface AdminOptions {
  readonly metrics: Metrics
  readonly state: () => TrafficState
  readonly tables: () => Tables | undefined
  readonly listeners: () => readonly OpenListener[]
  readonly configDump: () => Json
  readonly report: () => TracingReport
  /** Somebody asked the sidecar to end. */
  readonly quit: () => void
}

/** IPv4 also as a listener for IPv6 sees it. */
const LOOPBACK = /^(?:(?:::ffff:)?127\.|::1$)/

/** For people and for `osm proxy get`. */
export function adminRoutes(options: AdminOptions): readonly Route[] {
  const get = (path: string, handle: () => HttpResponse): Route => ({ method: 'GET', path, handle })
  return [
    get('/ready', () => {
      const state = options.state()
      return text(state === 'LIVE' ? 200 : 503, `${state}\n`)
    }),
    get('/stats', () => text(200, plainStats(options.metrics.print()))),
    get('/config_dump', () => jsonPage(`${JSON.stringify(options.configDump(), undefined, 1)}\n`)),
    get('/tracing', () => jsonPage(encodeTracingReport(options.report()))),
    get('/clusters', () => text(200, clusters(options.tables()))),
    get('/listeners', () => text(200, listeners(options.listeners()))),
    // Sidecars have none yet.
    get('/certs', () => jsonPage('{\n "certificates": []\n}\n')),
    ...metricsRoutes(options.metrics),
    {
      method: 'POST',
      path: '/quitquitquit',
      handle: ({ clientAddress }) => {
        if (!LOOPBACK.test(clientAddress)) return text(403, 'only from inside of the pod\n')
        // After this answer is out.
        setImmediate(options.quit)
        return text(200, 'DONE\n')
      },
    },
  ]
}

/** As osm-edge's sidecar says it; `osm proxy get` goes by the status. */
export const unknownPage: Handler = () => text(404, 'Not Found\n')

/** For Prometheus. */
export function metricsRoutes(metrics: Metrics): readonly Route[] {
  const handle = (): HttpResponse => ({
    status: 200,
    headers: { 'content-type': METRICS_CONTENT_TYPE },
    body: metrics.print(),
  })
  return [
    { method: 'GET', path: '/stats/prometheus', handle },
    { method: 'GET', path: '/metrics', handle },
  ]
}

/** Indented by one space a level, as the dumps that people know. */
function jsonPage(body: string): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

function plainStats(printed: string): string {
  return printed
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => `${line.slice(0, line.lastIndexOf(' '))}: ${line.slice(line.lastIndexOf(' ') + 1)}\n`)
    .join('')
}

function clusters(tables: Tables | undefined): string {
  return tables === undefined ? '' : clusterText(tables)
}

function listeners(open: readonly OpenListener[]): string {
  return open.map(({ name, address, port }) => `${name}::${address}:${port}\n`).join('')
}
