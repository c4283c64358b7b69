import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type FieldSet, fieldSet, NO_FIELDS, OWN_FIELD } from './field-set.ts'
import { partsOf } from './granularity.ts'
import { itemsOf } from './list-items.ts'
import { elementTopology, isEntry, type ListTopology, memberOf } from './list-topology.ts'
import { fieldElement, type PathElement } from './path-element.ts'

/**
 * The places that somebody claims who applies the value: its leaves, and the items of its lists as such (so that
 * they go when the last who applied them leaves them out). Objects only as far as nothing is in them.
 */
export function appliedFields(value: Json, topology: ListTopology): FieldSet {
  if (Array.isArray(value) && topology.list !== undefined) return fieldsOfList(value, topology)
  if (isJsonObject(value) && topology.atomic !== true) return fieldsOfObject(value, topology)
  return OWN_FIELD
}

function fieldsOfList(list: readonly Json[], topology: ListTopology): FieldSet {
  const below = itemsOf(list, topology).map(({ element, value }): [PathElement, FieldSet] => [
    element,
    { ...appliedFields(value, elementTopology(topology)), own: true },
  ])
  return fieldSet(false, below)
}

function fieldsOfObject(object: JsonObject, topology: ListTopology): FieldSet {
  const below = Object.entries(object).map(([name, value]): [PathElement, FieldSet] => {
    const fields = appliedFields(value, memberOf(topology, name))
    const own = fields.own || isEmptyObject(value) || isEntry(topology, name)
    return [fieldElement(name), { ...fields, own }]
  })
  return fieldSet(false, below)
}

function isEmptyObject(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}

/** The value without the places of the set. What nothing is left of goes as well, but not what was empty before. */
export function withoutFields(value: Json, set: FieldSet, topology: ListTopology): Json | undefined {
  if (set.below.size === 0 || partsOf(value, topology) === undefined) return value
  if (Array.isArray(value)) {
    const items = itemsOf(value, topology).flatMap(({ element, value: item }) => {
      const kept = withoutPart(item, set.below.get(element), elementTopology(topology))
      return kept === undefined ? [] : [kept]
    })
    return items.length === 0 ? undefined : items
  }
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const kept = withoutPart(member, set.below.get(fieldElement(name)), memberOf(topology, name))
    return kept === undefined ? [] : [[name, kept]]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

function withoutPart(part: Json, set: FieldSet = NO_FIELDS, topology: ListTopology): Json | undefined {
  return set.own ? undefined : withoutFields(part, set, topology)
}
