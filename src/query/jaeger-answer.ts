import type { HttpRequest, HttpResponse } from '../runtime/http-exchange.ts'
import type { JaegerError } from '../wire/jaeger-shapes.ts'

/** What one of several traces that were asked for by id came to; without a code, as in Jaeger. */
export type LookupError = Pick<JaegerError, 'msg' | 'traceID'>

const INDENT = '    '
const JSON_HEADERS = { 'content-type': 'application/json' }
/** What Go's `http.Error` says, also when the body is JSON. */
const ERROR_HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}
/** Larger answers are sent piece by piece and not compressed. */
const LARGEST_WHOLE_ANSWER = 64 * 1024 * 1024

/** The envelope with the data in it. `total` is what services and operations fill. */
export function answer(request: HttpRequest, data: readonly unknown[], total = 0): HttpResponse {
  const envelope = { data, total, limit: 0, offset: 0, errors: null }
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: wantsIndent(request) ? JSON.stringify(envelope, undefined, INDENT) : JSON.stringify(envelope),
  }
}

/** The envelope with traces, each of which was written by `printTrace`. */
export function answerTraces(
  request: HttpRequest,
  traces: readonly string[],
  errors: readonly LookupError[],
): HttpResponse {
  const pieces = wantsIndent(request) ? indented(traces, errors) : plain(traces, errors)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const body = length > LARGEST_WHOLE_ANSWER ? oneByOne(pieces) : pieces.join('')
  return { status: 200, headers: JSON_HEADERS, body }
}

/** One trace as text, for its place in the envelope. */
export function printTrace(request: HttpRequest, trace: unknown): string {
  if (!wantsIndent(request)) return JSON.stringify(trace)
  return JSON.stringify(trace, undefined, INDENT).replaceAll('\n', `\n${INDENT}${INDENT}`)
}

export function refuse(status: number, message: string): HttpResponse {
  const errors: readonly JaegerError[] = [{ code: status, msg: message }]
  const envelope = { data: null, total: 0, limit: 0, offset: 0, errors }
  return { status, headers: ERROR_HEADERS, body: `${JSON.stringify(envelope)}\n` }
}

function plain(traces: readonly string[], errors: readonly LookupError[]): readonly string[] {
  const separated = traces.flatMap((trace, at) => (at === 0 ? [trace] : [',', trace]))
  const list = errors.length === 0 ? 'null' : JSON.stringify(errors)
  return ['{"data":[', ...separated, `],"total":0,"limit":0,"offset":0,"errors":${list}}`]
}

function indented(traces: readonly string[], errors: readonly LookupError[]): readonly string[] {
  const separated = traces.flatMap((trace, at) => [
    at === 0 ? `\n${INDENT}${INDENT}` : `,\n${INDENT}${INDENT}`,
    trace,
  ])
  const rest = { total: 0, limit: 0, offset: 0, errors: errors.length === 0 ? null : errors }
  const end = traces.length === 0 ? ']' : `\n${INDENT}]`
  return [`{\n${INDENT}"data": [`, ...separated, `${end},`, JSON.stringify(rest, undefined, INDENT).slice(1)]
}

async function* oneByOne(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces
}

function wantsIndent(request: HttpRequest): boolean {
  const value = request.query.get('prettyPrint') ?? ''
  return value !== '' && value !== 'false'
}
