const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Steps that read well on a clock. */
const CLOCK_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map(count => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR),
  ...[1, 2, 7, 14, 28].map(count => count * DAY),
]

/**
 * What fits into `max` microseconds at most `count` times and reads well: 1, 2 or 5 times a power of ten, from a
 * minute on as a clock is divided.
 */
export function lengthStep(max: number, count: number): number {
  const wanted = Math.max(max / count, 1)
  if (max < MINUTE) return niceStep(wanted)
  return CLOCK_STEPS.find(each => each >= wanted) ?? niceStep(wanted / DAY) * DAY
}

/** From 0 up to the first mark that is not below `max`, at most `count` steps. */
export function lengthTicks(max: number, count: number): readonly number[] {
  const step = lengthStep(max, count)
  const steps = Math.max(1, Math.ceil(max / step - 1e-9))
  return Array.from({ length: steps + 1 }, (_, place) => place * step)
}

export interface TimeTicksOptions {
  /** Microseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** What the reader's clock is ahead of UTC. */
  readonly zoneMicros: number
}

/** Times within the range, at most `count`, that are whole on the reader's clock. */
export function timeTicks({ from, to, count, zoneMicros }: TimeTicksOptions): readonly number[] {
  const wanted = (to - from) / count
  const step = CLOCK_STEPS.find(each => each >= wanted) ?? Math.ceil(wanted / (28 * DAY)) * 28 * DAY
  const ticks: number[] = []
  const first = Math.ceil((from + zoneMicros) / step) * step - zoneMicros
  for (let at = first; at <= to && ticks.length < count; at += step) ticks.push(at)
  return ticks
}

function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  return ([1, 2, 5].find(factor => factor * power >= atLeast * (1 - 1e-9)) ?? 10) * power
}
