import { CR, FIELD_VALUE, LF, SPACE, TAB } from './characters.ts'

/** Where the CR LF of the line is; below 0: the line has something in it that no value may have. */
export function valueEnd(text: string, from: number): number {
  let at = from
  while (FIELD_VALUE[text.charCodeAt(at)] === 1) at++
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at : -1
}

/** Allowed around a value, but where the value decides about framing, programs disagree about it. */
export function hasTab(text: string, from: number, to: number): boolean {
  const at = text.indexOf('\t', from)
  return at >= 0 && at < to
}

export function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
