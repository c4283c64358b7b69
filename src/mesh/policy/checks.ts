import { RETRY_CONDITIONS, type RetryCondition } from '../../model/sidecar-config.ts'
import type { Check } from '../mesh-config/section.ts'

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647
const MOST = 2_147_483_647

export const checkCount =
  (least: number): Check<number> =>
  value =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST
      ? { value }
      : { problem: `must be a whole number from ${least} to ${MOST}` }

export const checkName: Check<string> = value =>
  typeof value === 'string' && value !== '' ? { value } : { problem: 'must be a name' }

const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/
const MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** As Go writes them, in milliseconds: `250ms`, `1.5s`, `1m30s`. */
export const checkDuration: Check<number> = value => {
  const problem = 'must be a duration of at least 1ms, as "250ms", "5s" or "1m30s"'
  if (typeof value !== 'string' || !DURATION.test(value)) return { problem }
  let millis = 0
  for (const [, amount, unit = ''] of value.matchAll(PART)) millis += Number(amount) * (MILLIS[unit] ?? 0)
  const whole = Math.round(millis)
  return whole >= 1 && whole <= MOST_MILLIS ? { value: whole } : { problem }
}

/** Envoy's words, between commas. */
export const checkRetryOn: Check<readonly RetryCondition[]> = value => {
  const problem = `must be one or more of ${RETRY_CONDITIONS.join(', ')}, between commas`
  if (typeof value !== 'string') return { problem }
  const words = value.split(',').map(word => word.trim())
  const known = RETRY_CONDITIONS.filter(condition => words.includes(condition))
  return words.every(word => RETRY_CONDITIONS.some(each => each === word)) ? { value: known } : { problem }
}
