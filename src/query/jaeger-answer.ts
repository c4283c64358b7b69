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
const LARGEST_WHOLE_ANSWER = 16 * 1024 * 1024

/** The envelope with the data in it. `total` is what services and operations fill. */
export function answer(request: HttpRequest, data: readonly unknown[], total = 0): HttpResponse {
  const envelope = { data, total, limit: 0, offset: 0, errors: null }
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: wantsIndent(request) ? JSON.stringify(envelope, undefined, INDENT) : JSON.stringify(envelope),
  }
}

/**
 * The envelope with traces, each of which is written by `printTrace`. A large answer is written while it is read:
 * all that a store has may be asked for, and would not fit beside it as text.
 */
export async function answerTraces(
  request: HttpRequest,
  traces: AsyncIterable<string>,
  errors: readonly LookupError[],
): Promise<HttpResponse> {
  const pieces = wantsIndent(request) ? indented(traces, errors) : plain(traces, errors)
  const first: string[] = []
  let length = 0
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    first.push(next.value)
    length += next.value.length
    if (length > LARGEST_WHOLE_ANSWER) {
      return { status: 200, headers: JSON_HEADERS, body: oneByOne(first, pieces) }
    }
  }
  return { status: 200, headers: JSON_HEADERS, body: first.join('') }
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

async function* plain(
  traces: AsyncIterable<string>,
  errors: readonly LookupError[],
): AsyncGenerator<string, void> {
  yield '{"data":['
  let comma = ''
  for await (const trace of traces) {
    yield comma + trace
    comma = ','
  }
  const list = errors.length === 0 ? 'null' : JSON.stringify(errors)
  yield `],"total":0,"limit":0,"offset":0,"errors":${list}}`
}

async function* indented(
  traces: AsyncIterable<string>,
  errors: readonly LookupError[],
): AsyncGenerator<string, void> {
  yield `{\n${INDENT}"data": [`
  let comma = ''
  for await (const trace of traces) {
    yield `${comma}\n${INDENT}${INDENT}${trace}`
    comma = ','
  }
  const rest = { total: 0, limit: 0, offset: 0, errors: errors.length === 0 ? null : errors }
  const end = comma === '' ? ']' : `\n${INDENT}]`
  yield `${end},${JSON.stringify(rest, undefined, INDENT).slice(1)}`
}

async function* oneByOne(first: string[], rest: AsyncGenerator<string, void>): AsyncGenerator<string> {
  try {
    for (const piece of first.splice(0)) yield piece
    yield* rest
  } finally {
    await rest.return()
  }
}

function wantsIndent(request: HttpRequest): boolean {
  const value = request.query.get('prettyPrint') ?? ''
  return value !== '' && value !== 'false'
}
