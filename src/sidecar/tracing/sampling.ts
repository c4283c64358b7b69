import type { TraceId } from '../../model/ids.ts'
import { hexNumber } from '../../wire/hex.ts'

const HEX_DIGITS = 13
const RANGE = 2 ** (4 * HEX_DIGITS)

/**
 * The upper 52 of the lower 64 bits of a trace id: those are random in 64-bit ids and, as W3C asks, in 128-bit
 * ones, and a double holds them exactly. Every sidecar takes the same, so that all decide alike.
 */
export function traceNumber(id: TraceId): number {
  return hexNumber(id, 16, 16 + HEX_DIGITS)
}

/** Exact at 0 and 1. A trace that a small fraction takes is taken by every larger one. */
export function isSampled(number: number, fraction: number): boolean {
  return number < fraction * RANGE
}
