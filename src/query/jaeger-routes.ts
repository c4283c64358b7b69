import { setImmediate } from 'node:timers/promises'
import { messageOf } from '../model/errors.ts'
import { shortTraceId } from '../model/ids.ts'
import { micros } from '../model/micros.ts'
import type { DependencyLink, Trace } from '../model/trace.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Handler, HttpRequest, HttpResponse, Route } from '../runtime/http-exchange.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import type { Operation, SpanReader } from '../storage/span-store.ts'
import { type Adjust, unadjusted } from '../trace/adjust/adjust.ts'
import { encodeJaegerTrace } from '../wire/jaeger-json.ts'
import type { JaegerDependency, JaegerOperation } from '../wire/jaeger-shapes.ts'
import { answer, answerTraces, type LookupError, printTrace, refuse } from './jaeger-answer.ts'
import {
  BadParameter,
  booleanParameter,
  microsParameter,
  millisParameter,
  textParameter,
} from './request-parameters.ts'
import { parseSearchRequest } from './search-request.ts'
import { shownOperations, shownServices, storedNames } from './shown-names.ts'
import { parseTraceIdText } from './trace-id-syntax.ts'

export interface JaegerApiOptions {
  readonly store: SpanReader
  /** What a trace goes through unless it is wanted raw. */
  readonly adjust: Adjust
  readonly clock: Clock
  readonly logger: Logger
}

const DEPENDENCY_LOOKBACK_MICROS = 24 * 3600 * 1e6
const SLICE_MICROS = 5000
const NOT_FOUND = 'trace not found'

type Answerer = (request: HttpRequest, options: JaegerApiOptions) => Promise<HttpResponse>

const ROUTES: readonly (readonly [path: string, Answerer])[] = [
  ['/api/services', listServices],
  ['/api/services/:service/operations', listOperationNames],
  ['/api/operations', listOperations],
  ['/api/traces', findTraces],
  ['/api/traces/:id', getTrace],
  ['/api/dependencies', listDependencies],
]

/** Jaeger's classic API, as its versions 1 and 2.20 answer: bodies, nulls, errors. */
export function jaegerRoutes(options: JaegerApiOptions): readonly Route[] {
  return ROUTES.map(([path, answerer]) => ({ method: 'GET', path, handle: guarded(answerer, options) }))
}

/** Errors leave in Jaeger's envelope. */
function guarded(answerer: Answerer, options: JaegerApiOptions): Handler {
  return async request => {
    try {
      return await answerer(request, options)
    } catch (error) {
      if (error instanceof BadParameter) return refuse(400, error.message)
      options.logger.error('a query failed', { path: request.path, ...errorFields(error) })
      return refuse(500, messageOf(error))
    }
  }
}

async function listServices(request: HttpRequest, { store }: JaegerApiOptions): Promise<HttpResponse> {
  const services = await shownServices(store)
  return answer(request, services, services.length)
}

async function listOperationNames(request: HttpRequest, { store }: JaegerApiOptions): Promise<HttpResponse> {
  const operations = await shownOperations(store, request.params['service'] ?? '')
  const names = [...new Set(operations.map(operation => operation.name))]
  return answer(request, names, names.length)
}

async function listOperations(request: HttpRequest, { store }: JaegerApiOptions): Promise<HttpResponse> {
  const service = textParameter(request.query, 'service')
  if (service === undefined) throw new BadParameter("parameter 'service' is required")
  const kind = textParameter(request.query, 'spanKind')
  const operations = (await shownOperations(store, service)).map(printOperation)
  const wanted = operations.filter(operation => kind === undefined || operation.spanKind === kind)
  return answer(request, wanted, wanted.length)
}

function printOperation({ name, kind }: Operation): JaegerOperation {
  return { name, spanKind: kind === 'unspecified' ? '' : kind }
}

async function findTraces(request: HttpRequest, options: JaegerApiOptions): Promise<HttpResponse> {
  const { query, traceIds, raw } = parseSearchRequest(request.query, options.clock.now())
  if (traceIds.length === 0) {
    const { traces } = await options.store.findTraces(await storedNames(options.store, query))
    return answerTraces(request, printTraces(traces, { request, raw, options }), [])
  }
  const traces: Trace[] = []
  const errors: LookupError[] = []
  for (const traceId of traceIds) {
    const trace = await options.store.getTrace(traceId)
    if (trace === undefined) errors.push({ msg: NOT_FOUND, traceID: shortTraceId(traceId) })
    else traces.push(trace)
  }
  return answerTraces(request, printTraces(traces, { request, raw, options }), errors)
}

async function getTrace(request: HttpRequest, options: JaegerApiOptions): Promise<HttpResponse> {
  const parsed = parseTraceIdText(request.params['id'] ?? '')
  if (parsed.status === 'unreadable') throw new BadParameter(parsed.message)
  // Hints for stores that need them; ours do not, but what cannot be read is refused.
  microsParameter(request.query, 'start')
  microsParameter(request.query, 'end')
  const raw = booleanParameter(request.query, 'raw')
  const trace = await options.store.getTrace(parsed.traceId)
  if (trace === undefined) return refuse(404, NOT_FOUND)
  return answerTraces(request, printTraces([trace], { request, raw, options }), [])
}

interface Printing {
  readonly request: HttpRequest
  readonly raw: boolean
  readonly options: JaegerApiOptions
}

/** Gives way between traces: others wait for this thread, those who send spans among them. */
async function* printTraces(traces: readonly Trace[], printing: Printing): AsyncGenerator<string, void> {
  const { request, raw, options } = printing
  let since = options.clock.monotonic()
  for (const trace of traces) {
    const shown = raw ? trace : options.adjust(unadjusted(trace))
    yield printTrace(request, encodeJaegerTrace(shown))
    if (options.clock.monotonic() - since < SLICE_MICROS) continue
    await setImmediate()
    since = options.clock.monotonic()
  }
}

async function listDependencies(request: HttpRequest, options: JaegerApiOptions): Promise<HttpResponse> {
  const to = millisParameter(request.query, 'endTs') ?? options.clock.now()
  const lookback = millisParameter(request.query, 'lookback') ?? DEPENDENCY_LOOKBACK_MICROS
  const service = textParameter(request.query, 'service')
  const links = await options.store.dependencies({ from: micros(to - lookback), to })
  const wanted = links.filter(
    link => service === undefined || link.parent === service || link.child === service,
  )
  return answer(request, wanted.map(printLink))
}

function printLink({ parent, child, callCount }: DependencyLink): JaegerDependency {
  return { parent, child, callCount }
}
