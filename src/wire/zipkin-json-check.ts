import { hexForm, readSpanId, readTraceId } from './hex.ts'
import { checkAnnotations, checkEndpoint, checkTags } from './zipkin-json-parts.ts'
import { expected, expectedNumber, isObject, readMicros, readText } from './zipkin-json-values.ts'
import type { ZipkinSpan } from './zipkin-span.ts'

/** `problem` is worded as Zipkin's reader words it. `v1`: the spans are of Zipkin's first format. */
export type SpansCheck =
  | { readonly status: 'good'; readonly spans: readonly ZipkinSpan[] }
  | { readonly status: 'bad'; readonly problem: string }
  | { readonly status: 'v1' }

type ParsedSpan = { -readonly [Field in keyof ZipkinSpan]?: unknown } & {
  readonly binaryAnnotations?: unknown
}

/**
 * Holds parsed spans against Zipkin's reader (openzipkin/zipkin: `V2SpanReader`, `Span.Builder`) and brings
 * them into form IN PLACE, so that a good span costs no second object. Unknown fields and nulls are nothing,
 * numbers may be quoted, texts may be bare numbers; ids may have capitals, which Zipkin refuses and Jaeger takes.
 */
export function checkSpans(list: readonly unknown[]): SpansCheck {
  for (let at = 0; at < list.length; at++) {
    const span = list[at]
    if (!isObject(span)) return { status: 'bad', problem: 'Malformed' }
    if ((span as ParsedSpan).binaryAnnotations !== undefined) return { status: 'v1' }
    const problem = checkSpan(span, at)
    if (problem !== undefined) return { status: 'bad', problem }
  }
  return { status: 'good', spans: list as readonly ZipkinSpan[] }
}

/** What is wrong with the span; undefined: nothing. `at` is its place in the list, for the text alone. */
function checkSpan(span: ParsedSpan, at: number): string | undefined {
  return (
    checkIds(span, at) ??
    checkNames(span, at) ??
    checkTimes(span, at) ??
    checkMarks(span, at) ??
    checkEndpoint(span.localEndpoint, 'localEndpoint', at) ??
    checkEndpoint(span.remoteEndpoint, 'remoteEndpoint', at) ??
    checkTags(span.tags, at) ??
    checkAnnotations(span.annotations, at)
  )
}

function checkIds(span: ParsedSpan, at: number): string | undefined {
  if (span.traceId === undefined || span.id === undefined) {
    return `Missing :${span.traceId === undefined ? ' traceId' : ''}${span.id === undefined ? ' id' : ''}`
  }
  const traceText = readText(span.traceId)
  if (traceText === undefined) return expected('a string', span.traceId, `$[${at}].traceId`)
  const traceId = readTraceId(traceText)
  if (traceId === undefined) return idProblem('traceId', traceText, 32)
  if (traceId !== span.traceId) span.traceId = traceId

  const text = readText(span.id)
  if (text === undefined) return expected('a string', span.id, `$[${at}].id`)
  const id = readSpanId(text)
  if (id === undefined) return idProblem('id', text, 16)
  if (id !== span.id) span.id = id
  return checkParent(span, id, at)
}

function checkParent(span: ParsedSpan, id: string, at: number): string | undefined {
  const parent = span.parentId
  if (parent === undefined || parent === null) return undefined
  const text = readText(parent)
  if (text === undefined) return expected('a string', parent, `$[${at}].parentId`)
  const parentId = readSpanId(text)
  if (parentId === undefined && !isNoParent(text)) return idProblem('parentId', text, 16)
  if (parentId === undefined || parentId === id) span.parentId = null
  else if (parentId !== parent) span.parentId = parentId
  return undefined
}

/** Zipkin takes zeros for no parent; an empty text it refuses, but Jaeger takes it, and some senders write it. */
function isNoParent(text: string): boolean {
  return text === '' || (text.length <= 16 && hexForm(text, 0, text.length) === 'zero')
}

function idProblem(field: string, text: string, digits: number): string {
  if (text === '') return `${field} is empty`
  if (text.length > digits) return `${field}.length > ${digits}`
  return hexForm(text, 0, text.length) === 'zero'
    ? `${field} is all zeros`
    : `${text} should be lower-hex encoded with no prefix`
}

function checkNames(span: ParsedSpan, at: number): string | undefined {
  const { name, kind } = span
  if (typeof name !== 'string' && name !== undefined && name !== null) {
    const text = readText(name)
    if (text === undefined) return expected('a string', name, `$[${at}].name`)
    span.name = text
  }
  switch (kind) {
    case undefined:
    case null:
    case 'CLIENT':
    case 'SERVER':
    case 'PRODUCER':
    case 'CONSUMER':
      return undefined
    default:
      return unknownKind(kind, at)
  }
}

function unknownKind(kind: unknown, at: number): string {
  const text = readText(kind)
  return text === undefined
    ? expected('a string', kind, `$[${at}].kind`)
    : `No enum constant zipkin2.Span.Kind.${text}`
}

function checkTimes(span: ParsedSpan, at: number): string | undefined {
  const timestamp = readTime(span.timestamp)
  if (timestamp === undefined) return expectedNumber('a long', span.timestamp, `$[${at}].timestamp`)
  if (timestamp !== span.timestamp && timestamp !== null) span.timestamp = timestamp
  const duration = readTime(span.duration)
  if (duration === undefined) return expectedNumber('a long', span.duration, `$[${at}].duration`)
  if (duration !== span.duration && duration !== null) span.duration = duration
  return undefined
}

/** Null: there is none. A negative time is 0, which means none as well. */
function readTime(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null
  const long = readMicros(value)
  return long === undefined ? undefined : Math.max(0, long)
}

function checkMarks(span: ParsedSpan, at: number): string | undefined {
  if (!isMark(span.debug)) return expected('a boolean', span.debug, `$[${at}].debug`)
  if (!isMark(span.shared)) return expected('a boolean', span.shared, `$[${at}].shared`)
  return undefined
}

function isMark(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'boolean'
}
