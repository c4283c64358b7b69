import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type PathElement, parsePathElement } from './path-element.ts'

/** A set of places of an object, as a tree. The tree is not changed once made. */
export interface FieldSet {
  /** Whether the place itself is in the set; what is below it is another matter. */
  readonly own: boolean
  /** No member of it is empty. */
  readonly below: ReadonlyMap<PathElement, FieldSet>
}

export const NO_FIELDS: FieldSet = { own: false, below: new Map() }
/** Only the place itself. */
export const OWN_FIELD: FieldSet = { own: true, below: new Map() }

export function isEmptySet({ own, below }: FieldSet): boolean {
  return !own && below.size === 0
}

/** A set of what is below; empty parts are left out. */
export function fieldSet(own: boolean, below: Iterable<readonly [PathElement, FieldSet]>): FieldSet {
  return { own, below: new Map([...below].filter(([, part]) => !isEmptySet(part))) }
}

export function union(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (inOne, inOther) => inOne || inOther)
}

export function intersection(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (inOne, inOther) => inOne && inOther)
}

/** What is in one but not in the other, place by place. */
export function difference(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (inOne, inOther) => inOne && !inOther)
}

export function isSameSet(one: FieldSet, other: FieldSet): boolean {
  return isEmptySet(combine(one, other, (inOne, inOther) => inOne !== inOther))
}

/** Fields that have something of the set below them count as members too; items of lists do not. */
export function withParentFields(set: FieldSet): FieldSet {
  const below = [...set.below].map(([element, part]): [PathElement, FieldSet] => {
    const inner = withParentFields(part)
    return [element, { ...inner, own: inner.own || element.startsWith('f:') }]
  })
  return fieldSet(set.own, below)
}

/** Every place of the set, parents first. */
export function* pathsOf(
  set: FieldSet,
  path: readonly PathElement[] = [],
): Generator<readonly PathElement[]> {
  if (set.own) yield path
  for (const [element, part] of set.below) yield* pathsOf(part, [...path, element])
}

/** As `fieldsV1` has it: `{"f:data":{".":{},"f:a":{}}}`. Whether the root is a member is not told. */
export function encodeFieldSet(set: FieldSet): JsonObject {
  const members = [...set.below]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([element, part]): [string, Json] => [element, encodePart(part)])
  return Object.fromEntries(members)
}

/** Undefined when it is no `fieldsV1`. */
export function decodeFieldSet(fields: unknown): FieldSet | undefined {
  if (!isJsonObject(fields)) return undefined
  const below = new Map<PathElement, FieldSet>()
  for (const [key, value] of Object.entries(fields)) {
    if (key === '.') continue
    const element = parsePathElement(key)
    const part = decodeFieldSet(value)
    if (element === undefined || part === undefined) return undefined
    const own = isJsonObject(value) && (Object.hasOwn(value, '.') || part.below.size === 0)
    below.set(element, { ...part, own })
  }
  return { own: false, below }
}

function encodePart(part: FieldSet): JsonObject {
  const members = encodeFieldSet(part)
  return part.own && part.below.size > 0 ? { '.': {}, ...members } : members
}

function combine(
  one: FieldSet,
  other: FieldSet,
  keeps: (inOne: boolean, inOther: boolean) => boolean,
): FieldSet {
  const elements = new Set([...one.below.keys(), ...other.below.keys()])
  const below = [...elements].map((element): [PathElement, FieldSet] => {
    const inOne = one.below.get(element) ?? NO_FIELDS
    return [element, combine(inOne, other.below.get(element) ?? NO_FIELDS, keeps)]
  })
  return fieldSet(keeps(one.own, other.own), below)
}
