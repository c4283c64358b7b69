import fc from 'fast-check'

/** One way of spoiling a text. The numbers are taken modulo its length. */
type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'splice'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly at: number }

/** Pieces on whose place readers disagree. */
const SPOILERS = [
  '\r',
  '\n',
  '\r\n',
  '\n\r',
  '\0',
  '\t',
  ' ',
  ':',
  ',',
  ';',
  '"',
  '0',
  '5',
  'f',
  '-',
  '+',
  '\x7f',
  '\x0b',
  '\xa0',
  '/',
  '#',
  '@',
  'chunked',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'HTTP/1.1',
  '\r\n\r\n',
]

const at = fc.nat(1_000_000)
const length = fc.integer({ min: 1, max: 40 })

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('insert' as const), at, text: fc.constantFrom(...SPOILERS) }),
  fc.record({ kind: fc.constant('cut' as const), at, length: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at, length }),
  fc.record({ kind: fc.constant('splice' as const), at, from: at, length }),
  fc.record({ kind: fc.constant('truncate' as const), at }),
)

/** The texts, some of them spoiled in a few places. */
export function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const few = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
  )
  return fc.tuple(texts, few).map(([text, mutations]) => mutations.reduce(apply, text))
}

/** The beginning of one text and the end of another. */
export function crossed(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, texts, at, at)
    .map(
      ([one, other, to, from]) =>
        one.slice(0, to % (one.length + 1)) + other.slice(from % (other.length + 1)),
    )
}

/** Places where the text is divided into writes. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(at, { minLength: 1, maxLength: 12 })

export function divided(text: string, places: readonly number[]): readonly string[] {
  const sorted = [...new Set(places.map(place => place % (text.length + 1)))].sort(
    (one, other) => one - other,
  )
  const bounds = [0, ...sorted, text.length]
  return bounds
    .slice(1)
    .map((end, index) => text.slice(bounds[index], end))
    .filter(piece => piece !== '')
}

function apply(text: string, change: Mutation): string {
  if (text === '') return text
  const place = change.at % text.length
  const before = text.slice(0, place)
  switch (change.kind) {
    case 'flip':
      return before + String.fromCharCode(text.charCodeAt(place) ^ (1 << change.bit)) + text.slice(place + 1)
    case 'insert':
      return before + change.text + text.slice(place)
    case 'cut':
      return before + text.slice(place + change.length)
    case 'repeat':
      return before + text.slice(place, place + change.length) + text.slice(place)
    case 'splice': {
      const from = change.from % text.length
      return before + text.slice(from, from + change.length) + text.slice(place)
    }
    case 'truncate':
      return before
  }
}
