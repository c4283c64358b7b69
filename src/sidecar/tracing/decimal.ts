const THOUSAND = 1000
const MILLION = 1_000_000

const PLAIN: readonly string[] = Array.from({ length: THOUSAND }, (_, value) => String(value))
const PADDED: readonly string[] = PLAIN.map(text => text.padStart(3, '0'))

/** A whole number, in tables up to a million: durations and sizes mostly are below, and never the same twice. */
export function decimal(value: number): string {
  if (value < THOUSAND) return PLAIN[value] ?? String(value)
  if (value >= MILLION) return String(value)
  return `${PLAIN[Math.floor(value / THOUSAND)]}${PADDED[value % THOUSAND]}`
}

let second = 0
let secondText = '0'

/** A time in microseconds. Its seconds are those of the time before; numbers of this size are slow to print. */
export function decimalTime(micros: number): string {
  const seconds = Math.floor(micros / MILLION)
  if (seconds !== second) {
    second = seconds
    secondText = String(seconds)
  }
  const rest = micros - seconds * MILLION
  return `${secondText}${PADDED[Math.floor(rest / THOUSAND)]}${PADDED[rest % THOUSAND]}`
}
