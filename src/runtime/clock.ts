import { type Micros, micros } from '../model/micros.ts'

/** Time, passed in wherever it is needed, so that tests hold still. */
export interface Clock {
  /** Wall clock since the Unix epoch. Follows steps of the system clock within a second. */
  now(): Micros
  /** Never goes back; only differences mean anything. */
  monotonic(): Micros
  /** The wall clock at a reading of `monotonic` that was just taken: one look at the system does for both. */
  wallAt(monotonic: Micros): Micros
}

/** What the system offers: a wall clock in whole milliseconds and a monotonic one with fractions. */
export interface TimeSource {
  wallMillis(): number
  monotonicMillis(): number
}

const REANCHOR_MICROS = 10_000
const WALL_RESOLUTION_MICROS = 1000

/**
 * The wall clock has whole milliseconds only, so its reading D bounds the true offset to the monotonic clock m:
 * it lies in [D − m, D − m + 1 ms]. The offset is kept and clamped into that interval at the first reading
 * after every 10 ms: the clamps add up to an anchor better than a millisecond, and a stepped or slept clock is
 * followed at once. (`performance.timeOrigin` follows neither.)
 */
export function createClock(source: TimeSource = SYSTEM): Clock {
  let offset = Number.NEGATIVE_INFINITY
  let anchored = Number.NEGATIVE_INFINITY

  function anchor(monotonic: number): void {
    const lowest = source.wallMillis() * 1000 - monotonic
    offset = Math.min(Math.max(offset, lowest), lowest + WALL_RESOLUTION_MICROS)
    anchored = monotonic
  }

  function wallAt(monotonic: number): Micros {
    if (monotonic - anchored >= REANCHOR_MICROS) anchor(monotonic)
    return micros(monotonic + offset)
  }

  return {
    now: () => wallAt(source.monotonicMillis() * 1000),
    monotonic: () => micros(source.monotonicMillis() * 1000),
    wallAt,
  }
}

const SYSTEM: TimeSource = {
  wallMillis: () => Date.now(),
  monotonicMillis: () => performance.now(),
}
