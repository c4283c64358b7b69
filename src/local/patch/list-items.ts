import { isJsonObject, type Json } from '../../model/json.ts'
import type { ListKey, ListTopology } from './list-topology.ts'
import { indexElement, keyElement, type PathElement, valueElement } from './path-element.ts'

export interface ListItem {
  readonly element: PathElement
  readonly value: Json
}

/** The items of a list that has not one owner. What cannot be told apart otherwise is told apart by its index. */
export function itemsOf(list: readonly Json[], topology: ListTopology): readonly ListItem[] {
  return list.map((value, index) => {
    const named = elementOf(value, topology)
    return { element: 'problem' in named ? indexElement(index) : named.element, value }
  })
}

/** What tells an item from its siblings, or why nothing does (in the words of structured-merge-diff). */
export function elementOf(
  value: Json,
  { list }: ListTopology,
): { readonly element: PathElement } | { readonly problem: string } {
  return Array.isArray(list) ? elementByKeys(value, list) : elementByValue(value)
}

function elementByKeys(value: Json, keys: readonly ListKey[]): ReturnType<typeof elementOf> {
  if (value === null) return { problem: 'associative list with keys may not have a null element' }
  if (!isJsonObject(value)) return { problem: 'associative list with keys may not have non-map elements' }
  const entries: [string, Json][] = []
  for (const { name, default: fallback } of keys) {
    const given = Object.hasOwn(value, name) ? value[name] : fallback
    if (given !== undefined) entries.push([name, given])
  }
  if (entries.length > 0) return { element: keyElement(Object.fromEntries(entries)) }
  const names = keys.map(({ name }) => JSON.stringify(name)).join(' ')
  return {
    problem: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  }
}

function elementByValue(value: Json): ReturnType<typeof elementOf> {
  if (value === null)
    return { problem: "associative list without keys has an element that's an explicit null" }
  if (Array.isArray(value)) return { problem: 'not supported: associative list with lists as elements' }
  if (isJsonObject(value)) {
    return { problem: "associative list without keys has an element that's a map type" }
  }
  return { element: valueElement(value) }
}
