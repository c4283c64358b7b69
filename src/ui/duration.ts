const STEPS = [
  { unit: 'µs', micros: 1 },
  { unit: 'ms', micros: 1_000 },
  { unit: 's', micros: 1_000_000 },
] as const

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Three digits that count: `0µs`, `870µs`, `1.24ms`, `32.1ms`, `4.21s`, `2m 5s`, `3h 12m`, `2d 4h`. */
export function formatDuration(micros: number): string {
  if (micros < 0) return `−${formatDuration(-micros)}`
  if (micros >= DAY) return pair(micros, [DAY, 'd'], [HOUR, 'h'])
  if (micros >= HOUR) return pair(micros, [HOUR, 'h'], [MINUTE, 'm'])
  // 59.95 s would round to 60.0s.
  if (micros >= MINUTE - 50_000) return pair(micros, [MINUTE, 'm'], [1_000_000, 's'])
  const step = STEPS.findLast(each => rounded(micros / each.micros) >= 1) ?? STEPS[0]
  return `${rounded(micros / step.micros)}${step.unit}`
}

/** As `formatDuration`, for the mark of an axis: `0` needs no unit. */
export function formatMark(micros: number): string {
  return micros === 0 ? '0' : formatDuration(micros)
}

/** With its sign, `±0` where there is none: `+1.2ms`, `−80µs`. */
export function formatDelta(micros: number): string {
  return micros > 0 ? `+${formatDuration(micros)}` : micros < 0 ? formatDuration(micros) : '±0'
}

const GO_DURATION = /^(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/

/** Whether a server will read it: `1.2s`, `100ms`, `1h2m`. */
export function isDuration(text: string): boolean {
  return GO_DURATION.test(text)
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

type Unit = readonly [micros: number, unit: string]

function pair(micros: number, [big, bigUnit]: Unit, [small, smallUnit]: Unit): string {
  const smalls = Math.round(micros / small)
  const perBig = big / small
  const rest = smalls % perBig
  const whole = `${Math.floor(smalls / perBig)}${bigUnit}`
  return rest === 0 ? whole : `${whole} ${rest}${smallUnit}`
}
