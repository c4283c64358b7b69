const NANOS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  // Both micro signs, U+00B5 and U+03BC.
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])

/** One more than Go's longest, which no double says exactly. */
const LONGEST_NANOS = 2 ** 63
const PART = /([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)/y

export type DurationText =
  /** May be negative and have a fraction. */
  | { readonly status: 'read'; readonly micros: number }
  /** As Go says it. */
  | { readonly status: 'unreadable'; readonly message: string }

/** Reads what Go's `time.ParseDuration` reads: `1.2s`, `100ms`, `1h2m`, `-1.5h`; a bare number only where it is 0. */
export function parseDuration(text: string): DurationText {
  const unsigned = text.replace(/^[-+]/, '')
  if (unsigned === '0') return { status: 'read', micros: 0 }
  if (unsigned === '') return unreadable(text)
  let nanos = 0
  PART.lastIndex = 0
  while (PART.lastIndex < unsigned.length) {
    const [all = '', whole = '', , fraction = '', unit = ''] = PART.exec(unsigned) ?? []
    if (all === '' || (whole === '' && fraction === '')) return unreadable(text)
    if (unit === '') return problem(`missing unit in duration ${JSON.stringify(text)}`)
    const size = NANOS.get(unit)
    if (size === undefined) {
      return problem(`unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`)
    }
    nanos += Number(`${whole || '0'}.${fraction || '0'}`) * size
  }
  if (nanos > LONGEST_NANOS) return unreadable(text)
  return { status: 'read', micros: (text.startsWith('-') ? -nanos : nanos) / 1000 }
}

function unreadable(text: string): DurationText {
  return problem(`invalid duration ${JSON.stringify(text)}`)
}

function problem(message: string): DurationText {
  return { status: 'unreadable', message: `time: ${message}` }
}
