import { TRACE_HEADER_NAMES } from '../../../wire/trace-context.ts'
import { isAuthority } from '../../http/authority.ts'
import { consistsOf, FIELD_VALUE, SLASH, SPACE, TAB, TARGET, TOKEN } from '../../http/characters.ts'
import { STATIC_TABLE } from './static-table.ts'

/** What a field means to the relay. */
export type FieldKind =
  | 'ordinary'
  | 'method'
  | 'scheme'
  | 'path'
  | 'authority'
  | 'status'
  | 'host'
  | 'te'
  | 'content-length'
  | 'content-type'
  | 'user-agent'
  | 'x-request-id'
  | 'traceresponse'
  | 'proxy-authorization'
  | 'trace'
  | 'grpc-status'
  | 'grpc-message'
  /** Nothing of this name may be sent. */
  | 'forbidden'

const KINDS: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  [':method', 'method'],
  [':scheme', 'scheme'],
  [':path', 'path'],
  [':authority', 'authority'],
  [':status', 'status'],
  ['host', 'host'],
  ['te', 'te'],
  ['content-length', 'content-length'],
  ['content-type', 'content-type'],
  ['user-agent', 'user-agent'],
  ['x-request-id', 'x-request-id'],
  ['traceresponse', 'traceresponse'],
  ['proxy-authorization', 'proxy-authorization'],
  ['grpc-status', 'grpc-status'],
  ['grpc-message', 'grpc-message'],
  // What concerns one connection has frames of its own (RFC 9113 8.2.2).
  ...['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'].map(
    name => [name, 'forbidden'] as const,
  ),
  ...TRACE_HEADER_NAMES.map(name => [name, 'trace'] as const),
])

/** They differ from message to message: they would only push others out of a dynamic table. */
const VARYING = new Set([
  ...TRACE_HEADER_NAMES.filter(name => name !== 'x-b3-sampled' && name !== 'x-b3-flags'),
  'x-request-id',
  'traceresponse',
  'content-length',
  'date',
  'etag',
  'grpc-timeout',
  'if-none-match',
])

/** A name and everything that follows from it, once for all fields that have it. */
export class FieldName {
  readonly text: string
  readonly kind: FieldKind
  readonly pseudo: boolean
  /** Of the first entry of the static table with this name; 0: none. */
  readonly staticIndex: number
  readonly varies: boolean
  /** Fields that were found worth remembering, by value. */
  readonly known: Map<string, Field> = new Map()

  constructor(text: string) {
    this.text = text
    this.pseudo = text.startsWith(':')
    this.kind = KINDS.get(text) ?? (isName(text) ? 'ordinary' : 'forbidden')
    this.staticIndex = STATIC_TABLE.findIndex(([name]) => name === text) + 1
    this.varies = VARYING.has(text)
  }
}

/** Lower case only (RFC 9113 8.2.1). */
function isName(text: string): boolean {
  return text !== '' && consistsOf(text, TOKEN) && !/[A-Z]/.test(text)
}

/** One line of a head: immutable, checked once however often it is sent. */
export class Field {
  readonly name: FieldName
  readonly value: string
  /** Of the same name and value in the static table; 0: none. */
  readonly staticIndex: number
  /** As RFC 7541 4.1 counts it. */
  readonly size: number
  /** Name and value may stand where they stand; what that means for a message is for its reader to say. */
  readonly valid: boolean
  /** Its sender expects it again. */
  readonly recurs: boolean
  /** No table may ever hold it (RFC 7541 7.1.3). */
  readonly secret: boolean

  constructor(name: FieldName, value: string, how: 'recurs' | 'once' | 'secret' = 'once', staticIndex = 0) {
    this.name = name
    this.value = value
    this.staticIndex = staticIndex
    this.size = name.text.length + value.length + 32
    this.valid = isValid(name.kind, value)
    this.recurs = how === 'recurs'
    this.secret = how === 'secret'
  }
}

const STATUS = /^[1-5]\d\d$/
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/
const LENGTH = /^\d{1,15}$/

const isBlank = (code: number): boolean => code === SPACE || code === TAB

function hasBlanksAround(value: string): boolean {
  return isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1))
}

function isValid(kind: FieldKind, value: string): boolean {
  switch (kind) {
    case 'forbidden':
      return false
    case 'method':
      return value !== '' && consistsOf(value, TOKEN)
    case 'scheme':
      return SCHEME.test(value)
    case 'path':
      return value === '*' || (value.charCodeAt(0) === SLASH && consistsOf(value, TARGET))
    case 'authority':
    case 'host':
      return isAuthority(value)
    case 'status':
      return STATUS.test(value)
    case 'te':
      return value.toLowerCase() === 'trailers'
    case 'content-length':
      return LENGTH.test(value)
    default:
      return consistsOf(value, FIELD_VALUE) && !hasBlanksAround(value)
  }
}

/** Names come from everywhere; those that nobody uses again are not kept for ever. */
const MOST_NAMES = 2000
const MOST_VALUES = 100
const names = new Map<string, FieldName>()

export function fieldName(text: string): FieldName {
  const known = names.get(text)
  if (known !== undefined) return known
  const made = new FieldName(text)
  if (names.size >= MOST_NAMES) names.clear()
  names.set(text, made)
  return made
}

/** The same object for the same name and value: encoders find it by that. */
export function recurringField(name: FieldName, value: string): Field {
  const known = name.known.get(value)
  if (known !== undefined) return known
  const made = new Field(name, value, 'recurs')
  if (name.known.size >= MOST_VALUES) name.known.clear()
  name.known.set(value, made)
  return made
}

/** Of the table that both sides have from the start; made when they are asked for. */
const staticFields: Field[] = []

/** The index behind those of the static table, which begin with 1. */
export const FIRST_DYNAMIC: number = STATIC_TABLE.length + 1

/** Undefined: there is none with this index. */
export function staticField(index: number): Field | undefined {
  return staticFields[index] ?? makeStaticField(index)
}

function makeStaticField(index: number): Field | undefined {
  const line = STATIC_TABLE[index - 1]
  if (line === undefined) return undefined
  const [name, value] = line
  const made = new Field(fieldName(name), value, 'recurs', index)
  staticFields[index] = made
  return made
}
