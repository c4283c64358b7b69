import type { Json } from '../../model/json.ts'
import {
  type Field,
  type FieldType,
  type Message,
  PATCH_STRATEGIES,
  type PatchRule,
  SCALARS,
  type Scalar,
} from './message.ts'

/**
 * Messages by name, each a text: fields with `;` between them, a field being `number name type rules`.
 *
 * - `...` for the name: the fields of that message are in place of it (embedded).
 * - Behind the name: `!` required · `*` required, yet a zero on the wire is no value · `?` optional, and a zero
 *   on the wire is a value · nothing: optional, a zero on the wire is no value.
 * - Types: one of `SCALARS`, or a message of the same group, or `group.Message`; `string(Name)` is a string that
 *   has a name in Go; `[]` is a list of them, `{}` an object with such values.
 * - Rules: `map(key,…)`, `set` and `atomic` for apply; `merge`, `merge(key)`, `replace` and `retainKeys` for
 *   strategic merge patches; `default(text)`.
 * - `atomic` in the place of the first field: the message is applied as a whole.
 *
 * Numbers, names and types are those of the `generated.proto` files and the published OpenAPI of Kubernetes 1.35.
 */
export type MessageTexts = Readonly<Record<string, string>>

export interface MessageGroup {
  /** Empty: core. */
  readonly group: string
  readonly version: string
  /** What names of OpenAPI definitions begin with. */
  readonly definitions: string
  /** Kinds that have a list kind as well: `Pod`, and so `PodList`. */
  readonly listedKinds: readonly string[]
  readonly otherKinds: readonly string[]
  readonly messages: MessageTexts
}

const LIST_TEXT = (kind: string): string => `1 metadata meta.ListMeta; 2 items! ${kind}[]`

/** The texts of a group, those of its list kinds among them. */
export function groupTexts(group: MessageGroup): readonly (readonly [name: string, text: string])[] {
  return [
    ...Object.entries(group.messages),
    ...group.listedKinds.map(kind => [`${kind}List`, LIST_TEXT(kind)] as const),
  ]
}

export function kindsOf(group: MessageGroup): readonly string[] {
  return [...group.listedKinds, ...group.listedKinds.map(kind => `${kind}List`), ...group.otherKinds]
}

/** @param prefix the short name of the group: `core` */
export function parseMessage(text: string, name: string, prefix: string, group: MessageGroup): Message {
  const statements = text
    .split(';')
    .map(statement => statement.trim())
    .filter(statement => statement !== '')
  const isAtomic = statements[0] === 'atomic'
  const fields = (isAtomic ? statements.slice(1) : statements).map(statement => parseField(statement, prefix))
  const isObject = kindsOf(group).includes(name) || ANY_GROUP_KINDS.has(name)
  return {
    name: `${prefix}.${name}`,
    goName: name,
    definition: `${group.definitions}.${name}`,
    isAtomic,
    wireFields: new Map(fields.map(field => [field.number, field])),
    ownFields: new Map([...(isObject ? TYPE_META : []), ...fields].map(field => [field.name, field])),
  }
}

/** Kinds that clients send in the name of whatever group they talk to. */
export const ANY_GROUP_KINDS: ReadonlySet<string> = new Set([
  'CreateOptions',
  'DeleteOptions',
  'PatchOptions',
  'UpdateOptions',
])

const FIELD =
  /^(?<number>\d+) (?<name>[^\s!*?]+)(?<mark>[!*?]?) (?<type>[\w.]+)(?:\((?<goName>\w+)\))?(?<shape>\[\]|\{\})?(?<rules>( .*)?)$/
const RULE = /^(?<rule>\w+)(?:\((?<value>.*)\))?$/

function parseField(statement: string, prefix: string): Field {
  const { number, name, mark, type, goName, shape, rules } = FIELD.exec(statement)?.groups ?? {}
  if (number === undefined || name === undefined || type === undefined) {
    throw new Error(`no field: ${statement}`)
  }
  const isEmbedded = name === '...'
  return {
    name: isEmbedded ? type : name,
    number: Number(number),
    type: parseType(type, goName, prefix),
    shape: shape === '[]' ? 'list' : shape === '{}' ? 'map' : 'one',
    isEmbedded,
    isRequired: mark === '!' || mark === '*',
    keepsZero: mark === '!' || mark === '?',
    ...parseRules(rules ?? ''),
  }
}

function parseType(type: string, goName: string | undefined, prefix: string): FieldType {
  const scalar: Scalar | undefined = SCALARS.find(known => known === type)
  if (scalar !== undefined) return { scalar, ...(goName === undefined ? {} : { goName }) }
  return { message: type.includes('.') ? type : `${prefix}.${type}` }
}

type Rules = Pick<Field, 'listKeys' | 'isSet' | 'isAtomic' | 'patch' | 'default'>

function parseRules(text: string): Rules {
  const rules = new Map<string, string | undefined>()
  for (const word of text.split(' ').filter(part => part !== '')) {
    const { rule, value } = RULE.exec(word)?.groups ?? {}
    if (rule === undefined) throw new Error(`no rule: ${word}`)
    rules.set(rule, value)
  }
  const fallback: Json | undefined = rules.get('default')
  return {
    listKeys: rules.get('map')?.split(',') ?? [],
    isSet: rules.has('set'),
    isAtomic: rules.has('atomic'),
    patch: parsePatchRule(rules),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
}

function parsePatchRule(rules: ReadonlyMap<string, string | undefined>): PatchRule {
  const key = rules.get('merge')
  const strategies = PATCH_STRATEGIES.filter(strategy => rules.has(strategy))
  return { strategies, ...(key === undefined ? {} : { key }) }
}

const TYPE_META: readonly Field[] = ['apiVersion', 'kind'].map(name => ({
  name,
  number: 0,
  type: { scalar: 'string' },
  shape: 'one',
  isEmbedded: false,
  isRequired: false,
  keepsZero: false,
  ...parseRules(''),
}))
