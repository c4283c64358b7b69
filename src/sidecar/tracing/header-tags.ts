import { jsonOfLatin1 } from './latin1-text.ts'

/** Gives `,"http.request.header.<name>":"<value>"` for each of the names that is there; lines are ended, Latin-1. */
export type HeaderTags = (lines: string) => string

const LONGEST_VALUE = 256
/** Upper bound for what a request can make of one name by repeating it. */
const MOST_VALUES = 8

/** Undefined where no header is wanted: then nobody looks. Names are in lower case. */
export function createHeaderTags(names: readonly string[]): HeaderTags | undefined {
  if (names.length === 0) return undefined
  const escaped = names.map(name => name.replace(/[.*+?^$|]/g, '\\$&'))
  const line = new RegExp(`^(${escaped.join('|')}):[ \\t]*(.*?)[ \\t]*$`, 'gim')
  return lines => {
    let found: Map<string, string[]> | undefined
    for (const [, name = '', value = ''] of lines.matchAll(line)) {
      found ??= new Map()
      const key = name.toLowerCase()
      const values = found.get(key)
      if (values === undefined) found.set(key, [value])
      else if (values.length < MOST_VALUES) values.push(value)
    }
    return found === undefined ? '' : printTags(names, found)
  }
}

/** In the order of the names, so that all spans look alike. */
function printTags(names: readonly string[], found: ReadonlyMap<string, readonly string[]>): string {
  let printed = ''
  for (const name of names) {
    const values = found.get(name)
    if (values === undefined) continue
    printed += `,"http.request.header.${name}":${jsonOfLatin1(bounded(values.join(', ')))}`
  }
  return printed
}

/** A cut must not leave half of a character of UTF-8 behind. */
function bounded(latin1: string): string {
  if (latin1.length <= LONGEST_VALUE) return latin1
  let end = LONGEST_VALUE
  while (end > 0 && (latin1.charCodeAt(end) & 0xc0) === 0x80) end--
  return latin1.slice(0, end)
}
