import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/**
 * What a strategic merge patch says of one object, directives told from values
 * (github.com/kubernetes/community, contributors/devel/sig-api-machinery/strategic-merge-patch.md).
 */
export interface ObjectPatch {
  readonly mode: 'merge' | 'replace' | 'delete'
  /** All other members go. Absent: none does. */
  readonly retained?: ReadonlySet<string>
  readonly members: ReadonlyMap<string, MemberPatch>
}

export interface MemberPatch {
  /** Null deletes; absent: only the directives below count. */
  readonly value?: Json
  /** The items that the list shall have, in this order; keyed ones only with their key. */
  readonly order?: readonly Json[]
  /** Texts or numbers that the list shall not have. */
  readonly deletions?: readonly Json[]
}

const MODE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const ELEMENT_ORDER = '$setElementOrder'
const DELETIONS = '$deleteFromPrimitiveList'

/** Throws `BadRequest` for directives that are none. */
export function parseObjectPatch(patch: JsonObject): ObjectPatch {
  const members = new Map<string, MemberPatch>()
  const add = (name: string, part: MemberPatch) => members.set(name, { ...members.get(name), ...part })
  for (const [key, value] of Object.entries(patch)) {
    if (key === MODE || key === RETAIN_KEYS) continue
    if (isDirective(key, ELEMENT_ORDER)) {
      add(listName(key), { order: listOf(value, 'setElementOrder list') })
    } else if (isDirective(key, DELETIONS)) {
      add(listName(key), { deletions: listOf(value, 'primitive list') })
    } else {
      add(key, { value })
    }
  }
  const retained = retainedOf(patch, members)
  return { mode: modeOf(patch), members, ...(retained !== undefined && { retained }) }
}

/** `$patch` of an item of a list, or of an object. Throws `BadRequest`. */
export function modeOf(patch: JsonObject): ObjectPatch['mode'] {
  const mode = Object.hasOwn(patch, MODE) ? patch[MODE] : 'merge'
  if (mode === 'merge' || mode === 'replace' || mode === 'delete') return mode
  throw badPatch(`unknown patch type: ${describe(mode)} in map: ${describe(patch)}`)
}

export function hasMode(patch: Json): boolean {
  return isJsonObject(patch) && Object.hasOwn(patch, MODE)
}

/** The value as it is stored where nothing was: without nulls, and without what is only there to be deleted. */
export function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.filter(item => !hasMode(item)).map(withoutDirectives)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).filter(
    ([key, member]) => !isAnyDirective(key) && member !== null && !isDeletion(member),
  )
  return Object.fromEntries(members.map(([key, member]) => [key, withoutDirectives(member)]))
}

export function badPatch(message: string): KubeFailure {
  return new KubeFailure('BadRequest', message)
}

/** As Go prints a decoded JSON value: `map[image:nginx name:web]`. */
export function describe(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(describe).join(' ')}]`
  if (!isJsonObject(value)) return String(value)
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `map[${members.map(([key, member]) => `${key}:${describe(member)}`).join(' ')}]`
}

function retainedOf(patch: JsonObject, members: ObjectPatch['members']): ReadonlySet<string> | undefined {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return undefined
  const names = listOf(patch[RETAIN_KEYS], 'retainKeys')
  const retained = new Set(names.map(String))
  const strays = [...members].some(([name, { value = null }]) => value !== null && !retained.has(name))
  if (strays) throw badPatch('invalid patch format of retainKeys')
  return retained
}

function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (Array.isArray(value)) return value
  throw badPatch(`invalid patch format of ${what}`)
}

function isDeletion(value: Json): boolean {
  return isJsonObject(value) && value[MODE] === 'delete'
}

function isAnyDirective(key: string): boolean {
  return key === MODE || key === RETAIN_KEYS || isDirective(key, ELEMENT_ORDER) || isDirective(key, DELETIONS)
}

function isDirective(key: string, directive: string): boolean {
  return key.startsWith(`${directive}/`)
}

function listName(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
