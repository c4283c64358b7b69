const MILLISECOND = 1_000
const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Whole microseconds as Go prints a `time.Duration`: `0s`, `15µs`, `-1.5ms`, `2.5s`, `1m0s`, `1h0m3.5s`. */
export function goDuration(duration: number): string {
  if (duration === 0) return '0s'
  const sign = duration < 0 ? '-' : ''
  const length = Math.abs(duration)
  if (length < MILLISECOND) return `${sign}${length}µs`
  if (length < SECOND) return `${sign}${length / MILLISECOND}ms`
  const hours = Math.floor(length / HOUR)
  const minutes = Math.floor((length % HOUR) / MINUTE)
  const seconds = `${(length % MINUTE) / SECOND}s`
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`
}
