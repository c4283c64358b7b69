import { type HttpResponse, type Route, text } from '../../runtime/http-exchange.ts'
import { METRICS_CONTENT_TYPE, type Metrics } from '../../runtime/metrics.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route as TrafficRoute } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'

export interface OpenListener {
  readonly name: string
  readonly address: string
  readonly port: number
}

export interface AdminOptions {
  readonly metrics: Metrics
  /** Takes requests: it is configured, listens, and is not stopping. */
  readonly isReady: () => boolean
  readonly tables: () => Tables | undefined
  readonly listeners: () => readonly OpenListener[]
  readonly configDump: () => unknown
  /** Somebody asked the sidecar to end. */
  readonly quit: () => void
}

/** IPv4 also as a listener for IPv6 sees it. */
const LOOPBACK = /^(?:(?:::ffff:)?127\.|::1$)/

/** For people and for `osm proxy get`. */
export function adminRoutes(options: AdminOptions): readonly Route[] {
  const get = (path: string, handle: () => HttpResponse): Route => ({ method: 'GET', path, handle })
  return [
    get('/ready', () => (options.isReady() ? text(200, 'LIVE\n') : text(503, 'PRE_INITIALIZING\n'))),
    get('/stats', () => text(200, plainStats(options.metrics.print()))),
    get('/config_dump', () => indentedJson(options.configDump())),
    get('/clusters', () => text(200, clusters(options.tables()))),
    get('/listeners', () => text(200, listeners(options.listeners()))),
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

/** One space a level, as the dumps have it that people know. */
function indentedJson(value: unknown): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(value, undefined, 1)}\n`,
  }
}

function plainStats(printed: string): string {
  return printed
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => `${line.slice(0, line.lastIndexOf(' '))}: ${line.slice(line.lastIndexOf(' ') + 1)}\n`)
    .join('')
}

function clusters(tables: Tables | undefined): string {
  if (tables === undefined) return ''
  const routes = [...tables.outbound.routes, ...tables.inbound.byPort.values()]
  return routes.map(clusterText).join('')
}

function clusterText(route: TrafficRoute): string {
  const { endpoints } = route.balancer
  if (endpoints.length === 0) return `${route.cluster}::no endpoints\n`
  return endpoints
    .map(({ endpoint, weight }) => endpointText(`${route.cluster}::${endpoint.name}`, endpoint, weight))
    .join('')
}

function endpointText(prefix: string, endpoint: Endpoint, weight: number): string {
  const via =
    endpoint.target.preface === undefined ? '' : ` via ${endpoint.target.host}:${endpoint.target.port}`
  return (
    `${prefix}::weight::${weight}${via}\n` +
    `${prefix}::cx_active::${endpoint.connections}\n` +
    `${prefix}::cx_idle::${endpoint.idleConnections}\n`
  )
}

function listeners(open: readonly OpenListener[]): string {
  return open.map(({ name, address, port }) => `${name}::${address}:${port}\n`).join('')
}
