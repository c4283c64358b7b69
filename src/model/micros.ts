/** Whole microseconds: since the Unix epoch for a time, or a length of time. Exact in a double until 2255. */
export type Micros = number & { readonly __brand: 'Micros' }

export const ZERO_MICROS: Micros = 0 as Micros

/** Rounds down to a whole microsecond. */
export function micros(value: number): Micros {
  return Math.floor(value) as Micros
}

export function microsFromMillis(millis: number): Micros {
  return micros(millis * 1000)
}

/** Both ends inclusive. */
export interface TimeRange {
  readonly from: Micros
  readonly to: Micros
}
