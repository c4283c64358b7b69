import type { Json } from '../../model/json.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/**
 * A span of time as kubectl shows it, in two or three digits: `27m`, `3h25m`, `2d5h`, `400d`. Up to two seconds
 * into the future are as now, since clocks differ; more are `<invalid>` (apimachinery, util/duration).
 */
export function humanAge(millis: number): string {
  const seconds = Math.trunc(millis / 1000)
  if (Number.isNaN(seconds) || seconds < -1) return '<invalid>'
  if (seconds < 2 * MINUTE) return `${Math.max(0, seconds)}s`
  if (seconds < 10 * MINUTE) return pair(seconds, [MINUTE, 'm'], [1, 's'])
  if (seconds < 3 * HOUR) return whole(seconds, MINUTE, 'm')
  if (seconds < 8 * HOUR) return pair(seconds, [HOUR, 'h'], [MINUTE, 'm'])
  if (seconds < 2 * DAY) return whole(seconds, HOUR, 'h')
  if (seconds < 8 * DAY) return pair(seconds, [DAY, 'd'], [HOUR, 'h'])
  if (seconds < 2 * YEAR) return whole(seconds, DAY, 'd')
  return seconds < 8 * YEAR ? pair(seconds, [YEAR, 'y'], [DAY, 'd']) : whole(seconds, YEAR, 'y')
}

/** How long ago a time of RFC 3339 was; `<unknown>` when there is none. `now` is in microseconds. */
export function ageOf(time: Json | undefined, now: number): string {
  const millis = timeOf(time)
  return millis === undefined ? '<unknown>' : humanAge(now / 1000 - millis)
}

/** Milliseconds since the epoch. */
export function timeOf(time: Json | undefined): number | undefined {
  const millis = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(millis) ? undefined : millis
}

type Unit = readonly [seconds: number, letter: string]

function whole(seconds: number, unit: number, letter: string): string {
  return `${Math.floor(seconds / unit)}${letter}`
}

function pair(seconds: number, [big, bigLetter]: Unit, [small, smallLetter]: Unit): string {
  const rest = Math.floor((seconds % big) / small)
  return `${whole(seconds, big, bigLetter)}${rest === 0 ? '' : `${rest}${smallLetter}`}`
}
