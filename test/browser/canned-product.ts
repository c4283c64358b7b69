import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { JaegerDependency, JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'

export interface CannedOptions {
  /** The folder of the built page. */
  readonly page: string
  /** May be changed while the product runs. */
  readonly traces: () => readonly JaegerTrace[]
  /** `/jaeger`, or empty. */
  readonly basePath?: string
  /** Refuses a call with a message where it gives one. */
  readonly refuse?: (path: string) => { readonly status: number; readonly message: string } | undefined
  /** Awaited before a call is answered; the connection breaks where it rejects. */
  readonly ready?: () => Promise<unknown>
}

export interface CannedProduct {
  readonly url: string
  close(): Promise<void>
}

/** The strictest that the page must live with. */
const POLICY = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'connect', 'worker', 'manifest'].map(kind => `${kind}-src 'self'`),
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves the built page, and the classic API over traces that a test made. */
export async function startCannedProduct(options: CannedOptions): Promise<CannedProduct> {
  const { basePath = '' } = options
  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', POLICY)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!url.pathname.startsWith(`${basePath}/`)) {
      response.writeHead(404).end('not below the base path')
      return
    }
    const path = url.pathname.slice(basePath.length)
    if (!path.startsWith('/api/')) {
      answerFile({ folder: options.page, path, basePath, response })
      return
    }
    const ready = options.ready?.() ?? Promise.resolve()
    ready.then(
      () => answerCall(options, { path, query: url.searchParams, response }),
      () => request.destroy(),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface FileCall {
  readonly folder: string
  readonly path: string
  readonly basePath: string
  readonly response: ServerResponse
}

/** Every path that is no file is a place of the page. */
function answerFile({ folder, path, basePath, response }: FileCall): void {
  const file = join(folder, normalize(path))
  if (existsSync(file) && statSync(file).isFile()) {
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
    return
  }
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  response.writeHead(200, { 'content-type': TYPES['.html'] })
  response.end(index.replace('<base href="/"', `<base href="${basePath}/"`))
}

interface Call {
  readonly path: string
  readonly query: URLSearchParams
  readonly response: ServerResponse
}

function answerCall(options: CannedOptions, { path, query, response }: Call): void {
  const refused = options.refuse?.(path)
  if (refused) {
    refuse(response, refused.status, refused.message)
    return
  }
  const data = dataOf(options.traces(), path, query)
  if (data === undefined) refuse(response, 404, 'trace not found')
  else give(response, data)
}

function dataOf(traces: readonly JaegerTrace[], path: string, query: URLSearchParams): unknown {
  if (path === '/api/services') {
    return [...new Set(traces.flatMap(trace => trace.spans.map(span => serviceOf(trace, span))))].sort()
  }
  const service = /^\/api\/services\/(.+)\/operations$/.exec(path)?.[1]
  if (service !== undefined) return operationsOf(traces, decodeURIComponent(service))
  if (path === '/api/traces') return find(traces, query)
  if (path === '/api/dependencies') return dependenciesOf(traces)
  const id = /^\/api\/traces\/([^/]+)$/.exec(path)?.[1]
  const found = traces.find(trace => trace.traceID === id?.toLowerCase().replace(/^0{16}(?=.)/, ''))
  return found && [found]
}

function give(response: ServerResponse, data: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data, total: 0, limit: 0, offset: 0, errors: null }))
}

function refuse(response: ServerResponse, code: number, msg: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(JSON.stringify({ data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] }))
}

function find(traces: readonly JaegerTrace[], query: URLSearchParams): readonly JaegerTrace[] {
  const tags = Object.entries(JSON.parse(query.get('tags') ?? '{}') as Record<string, string>)
  const start = Number(query.get('start') ?? 0)
  const end = Number(query.get('end') ?? Number.MAX_SAFE_INTEGER)
  const least = micros(query.get('minDuration')) ?? 0
  const most = micros(query.get('maxDuration')) ?? Number.MAX_SAFE_INTEGER
  const matches = (trace: JaegerTrace) => (span: JaegerSpan) =>
    (query.get('service') ?? serviceOf(trace, span)) === serviceOf(trace, span) &&
    (query.get('operation') ?? span.operationName) === span.operationName &&
    span.startTime >= start &&
    span.startTime <= end &&
    span.duration >= least &&
    span.duration <= most &&
    tags.every(([key, value]) => span.tags.some(tag => tag.key === key && String(tag.value) === value))
  return traces
    .filter(trace => trace.spans.some(matches(trace)))
    .toSorted((left, right) => (right.spans[0]?.startTime ?? 0) - (left.spans[0]?.startTime ?? 0))
    .slice(0, Number(query.get('limit') ?? 100))
}

function micros(text: string | null): number | undefined {
  const [, value, unit] = /^([\d.]+)(us|ms|s)$/.exec(text ?? '') ?? []
  return value === undefined ? undefined : Number(value) * (unit === 's' ? 1e6 : unit === 'ms' ? 1e3 : 1)
}

function operationsOf(traces: readonly JaegerTrace[], service: string): readonly string[] {
  const names = traces.flatMap(trace =>
    trace.spans.filter(span => serviceOf(trace, span) === service).map(span => span.operationName),
  )
  return [...new Set(names)].sort()
}

/** Calls between services; those within one are left out. */
export function dependenciesOf(traces: readonly JaegerTrace[]): readonly JaegerDependency[] {
  const counts = new Map<string, JaegerDependency>()
  for (const trace of traces) {
    const spans = new Map(trace.spans.map(span => [span.spanID, span]))
    for (const span of trace.spans) {
      const above = spans.get(span.references[0]?.spanID ?? '')
      if (above === undefined) continue
      const [parent, child] = [serviceOf(trace, above), serviceOf(trace, span)]
      const key = `${parent} ${child}`
      if (parent !== child)
        counts.set(key, { parent, child, callCount: (counts.get(key)?.callCount ?? 0) + 1 })
    }
  }
  return [...counts.values()]
}

function serviceOf(trace: JaegerTrace, span: JaegerSpan): string {
  return trace.processes[span.processID]?.serviceName ?? ''
}
