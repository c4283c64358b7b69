/** What `--set` can give a key. */
export type SetValue = null | boolean | number | string | readonly SetValue[]

/** Names of keys, and places in lists. */
export type SetPath = readonly (string | number)[]

export interface Assignment {
  readonly path: SetPath
  readonly value: SetValue
}

export type SetFlagOutcome = { readonly assignments: readonly Assignment[] } | { readonly problem: string }

/** As in Helm: no list is longer. */
const MOST_INDEX = 65_536

/**
 * Reads one `--set`: `a.b=1,c[0].d=x,e={y,z},f=null`, by Helm's rules (helm.sh/docs/intro/using_helm, strvals).
 * A backslash takes the next character as it is. `true`, `false`, `null` and integers are typed, all else is text:
 * also `0.5` and `007`, and integers that a double does not hold exactly.
 */
export function parseSetFlag(flag: string): SetFlagOutcome {
  const scanner = createScanner(flag)
  const assignments: Assignment[] = []
  try {
    while (!scanner.atEnd()) assignments.push({ path: readPath(scanner), value: readValue(scanner) })
    return { assignments }
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message }
    throw error
  }
}

/** The text that `parseSetFlag` reads as this path. */
export function printSetPath(path: SetPath): string {
  const parts = path.map(part =>
    typeof part === 'number' ? `[${part}]` : `.${part.replace(/[\\.,=[\]]/g, escaped => `\\${escaped}`)}`,
  )
  return parts.join('').slice(1)
}

class Malformed extends Error {}

interface Scanner {
  atEnd(): boolean
  /** Up to one of the characters, which is taken too; `stop` is undefined when the text ended before. */
  until(stops: string): { readonly text: string; readonly stop: string | undefined }
  /** Takes the character if it is the next one. */
  skip(character: string): boolean
}

function createScanner(flag: string): Scanner {
  const characters = [...flag]
  let at = 0
  return {
    atEnd: () => at >= characters.length,
    until(stops) {
      let text = ''
      while (at < characters.length) {
        const character = characters[at++] ?? ''
        if (stops.includes(character)) return { text, stop: character }
        text += character === '\\' ? (characters[at++] ?? '') : character
      }
      return { text, stop: undefined }
    },
    skip(character) {
      if (characters[at] !== character) return false
      at++
      return true
    },
  }
}

/** Up to and with the `=`. */
function readPath(scanner: Scanner): SetPath {
  const path: (string | number)[] = []
  for (;;) {
    const { text: name, stop } = scanner.until('=[,.')
    if (stop === undefined) throw new Malformed(`key ${JSON.stringify(name)} has no value`)
    if (stop === ',') throw new Malformed(`key ${JSON.stringify(name)} has no value (cannot end with ,)`)
    if (name === '')
      throw new Malformed(`key ${JSON.stringify(`${printSetPath(path)}${stop}`)} has an empty part`)
    path.push(name)
    if (stop === '=') return path
    if (stop === '[' && readIndices(scanner, path) === '=') return path
  }
}

/** Adds the places of `[1][2]`, whose first bracket was read. Returns what came after them, `=` or `.`. */
function readIndices(scanner: Scanner, path: (string | number)[]): '=' | '.' {
  for (;;) {
    const { text, stop } = scanner.until(']')
    if (stop === undefined) throw new Malformed(`error parsing index: "[${text}" has no ]`)
    path.push(parseIndex(text))
    if (scanner.skip('=')) return '='
    if (scanner.skip('.')) return '.'
    if (scanner.skip('[')) continue
    const { text: rest } = scanner.until('[.=')
    if (rest === '') throw new Malformed(`key ${JSON.stringify(printSetPath(path))} has no value`)
    throw new Malformed(`unexpected data at end of array index: ${JSON.stringify(rest)}`)
  }
}

function parseIndex(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new Malformed(`error parsing index: ${JSON.stringify(text)} is no whole number`)
  const index = Number(text)
  if (index < 0) throw new Malformed(`negative ${index} index not allowed`)
  if (index > MOST_INDEX) {
    throw new Malformed(`index of ${index} is greater than maximum supported index of ${MOST_INDEX}`)
  }
  return index
}

/** Up to and with the comma. */
function readValue(scanner: Scanner): SetValue {
  if (!scanner.skip('{')) return typedValue(scanner.until(',').text)
  const list: SetValue[] = []
  for (;;) {
    const { text, stop } = scanner.until(',}')
    if (stop === undefined) throw new Malformed("list must terminate with '}'")
    list.push(typedValue(text))
    if (stop === '}') break
  }
  scanner.skip(',')
  return list
}

const KEYWORDS: ReadonlyMap<string, SetValue> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

function typedValue(text: string): SetValue {
  const keyword = KEYWORDS.get(text.toLowerCase())
  if (keyword !== undefined) return keyword
  const whole = text === '0' || /^([+-]\d|[1-9])\d*$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(whole) ? whole + 0 : text
}
