import { formatWhole } from '../count-text.ts'
import { formatDuration } from '../duration.ts'
import type { TraceView } from '../trace-rows.ts'

/** One sentence on what B has that A has not: `B took 1.2ms longer (+34 %), with 2 more spans and 1 fewer error.` */
export function verdict(a: TraceView, b: TraceView): string {
  return `B ${durations(a.duration, b.duration)}, with ${counts(a.rows.length, b.rows.length, 'span')} and ${counts(a.errors, b.errors, 'error')}.`
}

function durations(a: number, b: number): string {
  if (a === b) return `took as long as A (${formatDuration(a)})`
  const share = a > 0 ? ` (${b > a ? '+' : '−'}${percent(Math.abs(b - a) / a)})` : ''
  return `took ${formatDuration(Math.abs(b - a))} ${b > a ? 'longer' : 'less'} than A${share}`
}

function counts(a: number, b: number, thing: string): string {
  const difference = Math.abs(b - a)
  const things = difference === 1 ? thing : `${thing}s`
  return difference === 0
    ? `as many ${things}`
    : `${formatWhole(difference)} ${b > a ? 'more' : 'fewer'} ${things}`
}

function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : formatWhole(Math.round(share * 100))} %`
}
