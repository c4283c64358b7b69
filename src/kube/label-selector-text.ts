import { messageOf } from '../model/errors.ts'
import { KubeFailure } from './kube-failure.ts'
import {
  keyProblems,
  type LabelOperator,
  type LabelRequirement,
  labelRequirement,
} from './label-requirement.ts'
import { type SelectorToken, scanSelector } from './label-selector-tokens.ts'

const BINARY: Readonly<Partial<Record<SelectorToken['kind'], LabelOperator>>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
}
const BINARY_NAMES = 'in, notin, =, ==, !=, gt, lt'

/**
 * Reads the form of query strings and command lines, `a=b,c!=d,e in (f,g),!h,i notin (j),k>1`, and gives the
 * requirements sorted by key. Nothing written is no requirement. Throws `BadRequest` in the words of the
 * apimachinery, whose grammar it is (`labels.Parse`).
 */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const reader = createReader(scanSelector(text))
  const requirements: LabelRequirement[] = []
  for (;;) {
    const first = reader.peek()
    if (first.kind === 'end') break
    if (!startsRequirement(first)) throw unexpected(first, ", expected: !, identifier, or 'end of string'")
    requirements.push(readRequirement(reader))
    const next = reader.take()
    if (next.kind === 'end') break
    if (next.kind !== ',') throw unexpected(next, ", expected: ',' or 'end of string'")
    if (!startsRequirement(reader.peek())) throw unexpected(reader.peek(), ", expected: identifier after ','")
  }
  return requirements.sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)))
}

/** What `parseLabelSelector` reads as the same requirements. */
export function printLabelSelector(requirements: readonly LabelRequirement[]): string {
  return requirements.map(printRequirement).join(',')
}

function printRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`
    case 'gt':
      return `${key}>${values.join()}`
    case 'lt':
      return `${key}<${values.join()}`
    default:
      return `${key}${operator}${values.join()}`
  }
}

interface Reader {
  peek(): SelectorToken
  take(): SelectorToken
}

function createReader(tokens: readonly SelectorToken[]): Reader {
  const end: SelectorToken = { kind: 'end', text: '' }
  let position = 0
  return { peek: () => tokens[position] ?? end, take: () => tokens[position++] ?? end }
}

function readRequirement(reader: Reader): LabelRequirement {
  try {
    const negated = reader.peek().kind === '!'
    if (negated) reader.take()
    const key = readKey(reader)
    if (negated) return labelRequirement(key, '!', [])
    const next = reader.peek()
    if (next.kind === 'end' || next.kind === ',') return labelRequirement(key, 'exists', [])
    const operator = BINARY[reader.take().kind]
    if (operator === undefined) throw unexpected(next, `, expected: ${BINARY_NAMES}`)
    const isSet = operator === 'in' || operator === 'notin'
    return labelRequirement(key, operator, isSet ? readValues(reader) : [readValue(reader)])
  } catch (error) {
    throw new KubeFailure('BadRequest', `unable to parse requirement: ${messageOf(error)}`)
  }
}

function readKey(reader: Reader): string {
  const token = reader.take()
  if (!isWord(token)) throw unexpected(token, ', expected: identifier')
  const problems = keyProblems(token.text)
  if (problems.length > 0) throw new KubeFailure('BadRequest', problems.join())
  return token.text
}

/** Nothing written is the empty value. */
function readValue(reader: Reader): string {
  const next = reader.peek()
  if (next.kind === 'end' || next.kind === ',') return ''
  const token = reader.take()
  if (!isWord(token)) throw unexpected(token, ', expected: identifier')
  return token.text
}

/** Between parentheses; nothing before, between or after commas is the empty value. */
function readValues(reader: Reader): readonly string[] {
  const open = reader.take()
  if (open.kind !== '(') throw unexpected(open, " expected: '('")
  const first = reader.peek()
  if (first.kind !== ')' && first.kind !== ',' && !isWord(first)) {
    throw unexpected(first, ", expected: ',', ')' or identifier")
  }
  const values: string[] = []
  for (;;) {
    values.push(isWord(reader.peek()) ? reader.take().text : '')
    const next = reader.take()
    if (next.kind === ')') return values
    if (next.kind !== ',') throw unexpected(next, ", expected: ',' or ')'")
    const after = reader.peek()
    if (after.kind !== ',' && after.kind !== ')' && !isWord(after)) {
      throw unexpected(after, ", expected: ',', or identifier")
    }
  }
}

/** `in` and `notin` are words where no operator can stand. */
function isWord({ kind }: SelectorToken): boolean {
  return kind === 'word' || kind === 'in' || kind === 'notin'
}

function startsRequirement(token: SelectorToken): boolean {
  return token.kind === '!' || isWord(token)
}

function unexpected({ text }: SelectorToken, expected: string): KubeFailure {
  return new KubeFailure('BadRequest', `found '${text}'${expected}`)
}
