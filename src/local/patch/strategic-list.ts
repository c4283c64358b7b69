import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { badPatch, describe, hasMode, modeOf, withoutDirectives } from './strategic-directives.ts'

export interface ListMerge {
  /** What tells items apart; absent for texts and numbers, which tell themselves apart. */
  readonly key: string | undefined
  readonly mergeItem: (current: JsonObject, patch: JsonObject) => JsonObject
}

/** A list with the items of a patch, in the order that `mergedOrder` explains. Throws `BadRequest`. */
export function mergeList(
  current: readonly Json[],
  patch: readonly Json[],
  { key, mergeItem }: ListMerge,
): readonly Json[] {
  if (key === undefined) {
    if ([...current, ...patch].some(isJsonObject)) throw badPatch('cannot merge lists without merge key')
    return mergedOrder([...new Set([...current, ...patch])], patch, { current, key })
  }
  const [items, changes] = [current.map(objectOf), patch.map(objectOf)]
  const plain = changes.filter(change => !hasMode(change))
  const kept = withoutDeleted(items, changes, key)
  if (kept === 'replaced') return plain.map(withoutDirectives)

  const merged = [...kept]
  for (const change of plain) {
    const id = idOf(change, key)
    const at = merged.findIndex(item => item[key] === id)
    const item = merged[at]
    if (item === undefined) merged.push(objectOf(withoutDirectives(change)))
    else merged[at] = mergeItem(item, change)
  }
  return mergedOrder(merged, plain, { current: kept, key })
}

/**
 * Items that the order names stand in that order; the others in theirs, before those that they stood before in the
 * current list.
 */
export function mergedOrder(
  items: readonly Json[],
  order: readonly Json[],
  { current, key }: { readonly current: readonly Json[]; readonly key: string | undefined },
): readonly Json[] {
  const identify = (item: Json) => (key === undefined ? item : idOf(objectOf(item), key))
  const wanted = firstPlaces(order.map(identify))
  const stood = firstPlaces(current.map(identify))
  const rank = (item: Json) => wanted.get(identify(item)) ?? -1
  const ordered = items
    .filter(item => wanted.has(identify(item)))
    .sort((one, other) => rank(one) - rank(other))
  const place = (item: Json) => stood.get(identify(item)) ?? current.length
  const others = items
    .filter(item => !wanted.has(identify(item)))
    .sort((one, other) => place(one) - place(other))

  const result: Json[] = []
  let next = 0
  for (const item of ordered) {
    for (; next < others.length; next++) {
      const other = others[next] ?? null
      if (!stood.has(identify(item)) || !stood.has(identify(other)) || place(other) > place(item)) break
      result.push(other)
    }
    result.push(item)
  }
  return [...result, ...others.slice(next)]
}

/** Ports of a Service may have a merge key twice, for two protocols: the first counts. */
function firstPlaces(ids: readonly Json[]): ReadonlyMap<Json, number> {
  const places = ids.map((id, index): [Json, number] => [id, index])
  return new Map(places.reverse())
}

/** The items of a patch must stand in the order that the same patch asks for. Throws `BadRequest`. */
export function checkOrder(patch: readonly Json[], order: readonly Json[], key: string | undefined): void {
  const identify = (item: Json) => (key === undefined ? item : idOf(objectOf(item), key))
  const wanted = order.map(identify)
  let at = 0
  for (const item of patch) {
    if (hasMode(item)) continue
    const found = wanted.indexOf(identify(item), at)
    if (order.length > 0 && found < 0) {
      throw badPatch(
        `The order in patch list:\n${describe(patch)}\n doesn't match $setElementOrder list:\n${describe(order)}\n`,
      )
    }
    at = found + 1
  }
}

function withoutDeleted(
  items: readonly JsonObject[],
  changes: readonly JsonObject[],
  key: string,
): readonly JsonObject[] | 'replaced' {
  const modes = changes.filter(hasMode).map(change => ({ change, mode: modeOf(change) }))
  if (modes.some(({ mode }) => mode === 'merge')) {
    throw badPatch('merging lists cannot yet be specified in the patch')
  }
  const deleted = new Set(
    modes.filter(({ mode }) => mode === 'delete').map(({ change }) => idOf(change, key)),
  )
  if (modes.some(({ mode }) => mode === 'replace')) return 'replaced'
  return items.filter(item => !deleted.has(item[key] ?? null))
}

function idOf(item: JsonObject, key: string): Json {
  const id = Object.hasOwn(item, key) ? item[key] : undefined
  if (id === undefined) throw badPatch(`map: ${describe(item)} does not contain declared merge key: ${key}`)
  return id
}

function objectOf(item: Json): JsonObject {
  if (isJsonObject(item)) return item
  throw badPatch(`expected a map[string]interface {}, but received a ${typeName(item)}`)
}

/** As Go's reflection names it. */
function typeName(item: Json): string {
  if (item === null) return '<nil>'
  if (Array.isArray(item)) return '[]interface {}'
  if (typeof item === 'number') return Number.isInteger(item) ? 'int64' : 'float64'
  return typeof item === 'boolean' ? 'bool' : 'string'
}
