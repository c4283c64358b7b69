/** Times as the reader's own clock shows them, always with 24 hours. All take microseconds since the epoch. */

/** `14:32:08.123` */
export function clockText(micros: number): string {
  const date = new Date(micros / 1000)
  return `${clockSeconds(date)}.${pad(date.getMilliseconds(), 3)}`
}

/** `2026-11-23 14:32:08.123` */
export function dateClockText(micros: number): string {
  return `${dateText(micros)} ${clockText(micros)}`
}

/** `2026-11-23` */
export function dateText(micros: number): string {
  const date = new Date(micros / 1000)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`
}

/** As precise as the range asks: seconds, minutes, or with the date when it is longer than a day. */
export function axisText(micros: number, rangeMicros: number): string {
  const date = new Date(micros / 1000)
  if (rangeMicros > 86_400_000_000) return `${dateText(micros).slice(5)} ${clockSeconds(date).slice(0, 5)}`
  return rangeMicros > 1_200_000_000 ? clockSeconds(date).slice(0, 5) : clockSeconds(date)
}

/** `just now`, `42 s ago`, `5 min ago`, `3 h ago`, `2 d ago` */
export function agoText(micros: number, nowMicros: number): string {
  const seconds = Math.floor((nowMicros - micros) / 1_000_000)
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`
}

/** What `<input type="datetime-local" step="1">` holds, and back; undefined where it holds nothing. */
export function inputTime(micros: number): string {
  return `${dateText(micros)}T${clockSeconds(new Date(micros / 1000))}`
}

export function parseInputTime(text: string): number | undefined {
  const millis = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isNaN(millis) ? undefined : millis * 1000
}

function clockSeconds(date: Date): string {
  return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
