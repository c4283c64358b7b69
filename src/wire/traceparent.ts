import type { SpanId, TraceId } from '../model/ids.ts'
import { hexForm } from './hex.ts'
import type { TraceContext } from './trace-context.ts'

/** `00-` + 32 digits + `-` + 16 digits + `-` + 2 digits. */
const LENGTH = 55
const DASH = 45

const SAMPLED = 1
const RANDOM = 2

/**
 * Reads a traceparent (w3.org/TR/trace-context-2). A version above 00 may say more behind a dash; ff, capitals
 * and ids of zeros are refused. Undefined where it is not valid.
 */
export function parseTraceparent(value: string): TraceContext | undefined {
  if (!isWellFormed(value)) return undefined
  const flags = Number.parseInt(value.slice(53, LENGTH), 16)
  return {
    traceId: value.slice(3, 35) as TraceId,
    shortId: false,
    spanId: value.slice(36, 52) as SpanId,
    parentId: undefined,
    sampled: (flags & SAMPLED) !== 0,
    debug: false,
    random: (flags & RANDOM) !== 0,
    format: 'w3c',
    traceState: '',
  }
}

function isWellFormed(value: string): boolean {
  if (value.length < LENGTH) return false
  if (value.charCodeAt(2) !== DASH || value.charCodeAt(35) !== DASH || value.charCodeAt(52) !== DASH)
    return false
  const version = hexForm(value, 0, 2)
  if (version !== 'zero' && version !== 'lower') return false
  if (value.length > LENGTH && (version === 'zero' || value.charCodeAt(LENGTH) !== DASH)) return false
  if (value.startsWith('ff')) return false
  if (hexForm(value, 3, 35) !== 'lower' || hexForm(value, 36, 52) !== 'lower') return false
  const flags = hexForm(value, 53, LENGTH)
  return flags === 'zero' || flags === 'lower'
}

/** The value of the header in version 00; empty where an id is missing. An open decision is printed as not sampled. */
export function traceparentValue(context: TraceContext): string {
  if (context.traceId === undefined || context.spanId === undefined) return ''
  const flags = (context.sampled === true ? SAMPLED : 0) | (context.random ? RANDOM : 0)
  return `00-${context.traceId}-${context.spanId}-0${flags}`
}

/** The header line, ended; empty where an id is missing. */
export function traceparentHeader(context: TraceContext): string {
  const value = traceparentValue(context)
  return value === '' ? '' : `traceparent: ${value}\r\n`
}
