const MOST_MEMBERS = 32
const LONGEST_PART = 256

const TAB = 9
const SPACE = 32
const COMMA = 44
const EQUALS = 61
const AT = 64

/**
 * Whether a tracestate may be passed on (w3.org/TR/trace-context-2, 3.3): at most 32 members `key=value`,
 * keys of `a-z 0-9 _ - * / @` that begin with a letter or digit, values printable, each at most 256 long.
 * Empty members are allowed, keys that repeat are not looked for. It is only looked at, and then kept as it is.
 */
export function isTraceState(value: string): boolean {
  let members = 0
  let at = 0
  while (at < value.length) {
    const start = skipBlank(value, at)
    if (start === value.length) break
    if (value.charCodeAt(start) === COMMA) {
      at = start + 1
      continue
    }
    if (++members > MOST_MEMBERS) return false
    const end = memberEnd(value, start)
    if (end < 0) return false
    at = end + 1
  }
  return members > 0
}

function skipBlank(value: string, from: number): number {
  let at = from
  while (at < value.length && isBlank(value.charCodeAt(at))) at++
  return at
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Where the member that begins at `start` ends (its comma, or the end of the text); below 0: it is no member. */
function memberEnd(value: string, start: number): number {
  let at = start
  while (at < value.length && isKeyCode(value.charCodeAt(at))) at++
  if (at === start || value.charCodeAt(at) !== EQUALS || !startsKey(value.charCodeAt(start))) return -1
  if (at - start > LONGEST_PART) return -1
  const end = value.indexOf(',', at)
  const stop = end < 0 ? value.length : end
  return isValue(value, at + 1, stop) ? stop : -1
}

/** Printable, not blank at its end; blanks behind it belong to the list. */
function isValue(value: string, from: number, stop: number): boolean {
  let end = stop
  while (end > from && isBlank(value.charCodeAt(end - 1))) end--
  if (end === from || end - from > LONGEST_PART) return false
  for (let at = from; at < end; at++) {
    const code = value.charCodeAt(at)
    if (code < SPACE || code > 126 || code === EQUALS) return false
  }
  return true
}

function startsKey(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}

/** `_` is 95, `-` 45, `*` 42, `/` 47. */
function isKeyCode(code: number): boolean {
  return startsKey(code) || code === 95 || code === 45 || code === 42 || code === 47 || code === AT
}
