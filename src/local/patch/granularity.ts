import { isJsonObject, type Json } from '../../model/json.ts'
import { itemsOf } from './list-items.ts'
import { elementTopology, type ListTopology, memberOf } from './list-topology.ts'
import { fieldElement, type PathElement } from './path-element.ts'

/** What a value is made of, if its parts may have owners of their own. */
export interface Part {
  /** More than one where a list has an item twice, which Kubernetes bears with in what is stored. */
  readonly values: readonly Json[]
  readonly topology: ListTopology
}

export type Parts = ReadonlyMap<PathElement, Part>

/** Undefined for what has one owner: texts, numbers, null, atomic lists and objects. */
export function partsOf(value: Json, topology: ListTopology): Parts | undefined {
  if (Array.isArray(value)) {
    return topology.list === undefined ? undefined : partsOfList(value, topology)
  }
  if (!isJsonObject(value) || topology.atomic === true) return undefined
  const members = Object.entries(value).map(([name, member]): [PathElement, Part] => [
    fieldElement(name),
    { values: [member], topology: memberOf(topology, name) },
  ])
  return new Map(members)
}

function partsOfList(list: readonly Json[], topology: ListTopology): Parts {
  const parts = new Map<PathElement, Part>()
  const below = elementTopology(topology)
  for (const { element, value } of itemsOf(list, topology)) {
    const values = [...(parts.get(element)?.values ?? []), value]
    parts.set(element, { values, topology: below })
  }
  return parts
}
