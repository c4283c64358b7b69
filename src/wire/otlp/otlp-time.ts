import { type Micros, ZERO_MICROS } from '../../model/micros.ts'

/** A time in two parts, as the model has it, filled anew for each. `micros` may be beyond what is exact. */
export interface SplitTime {
  micros: number
  nanos: number
}

/** From the halves of an unsigned number of nanoseconds, without a bigint: 2^32 = 4,294,967 × 1000 + 296. */
export function splitNanos(high: number, low: number, into: SplitTime): void {
  const rest = high * 296 + low
  into.micros = high * 4_294_967 + Math.floor(rest / 1000)
  into.nanos = rest % 1000
}

/** What lies between; nothing where the end is none, or before the start. */
export function splitDuration(start: SplitTime, end: SplitTime, into: SplitTime): void {
  let micros = end.micros - start.micros
  let nanos = end.nanos - start.nanos
  if (nanos < 0) {
    micros--
    nanos += 1000
  }
  const isBackwards = micros < 0
  into.micros = isBackwards ? 0 : micros
  into.nanos = isBackwards ? 0 : nanos
}

export function microsOf(time: SplitTime): Micros {
  return time.micros === 0 ? ZERO_MICROS : (time.micros as Micros)
}

export function isExact(time: SplitTime): boolean {
  return time.micros <= Number.MAX_SAFE_INTEGER
}
