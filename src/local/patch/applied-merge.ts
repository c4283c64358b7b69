import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { partsOf } from './granularity.ts'
import { itemsOf, type ListItem } from './list-items.ts'
import { elementTopology, type ListTopology, memberOf } from './list-topology.ts'

/** The live value with what is applied; neither is changed. Null leaves an object or a list alone that has parts. */
export function mergeApplied(live: Json | undefined, applied: Json, topology: ListTopology): Json {
  if (live === undefined || partsOf(live, topology) === undefined) return applied
  if (Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, topology)
  if (isJsonObject(live) && isJsonObject(applied)) return mergeObjects(live, applied, topology)
  return applied === null ? live : applied
}

function mergeObjects(live: JsonObject, applied: JsonObject, topology: ListTopology): JsonObject {
  const merged = new Map(Object.entries(live))
  for (const [name, value] of Object.entries(applied)) {
    merged.set(name, mergeApplied(merged.get(name), value, memberOf(topology, name)))
  }
  return Object.fromEntries(merged)
}

/**
 * Items of both lists stand in the order of the applied one; those of the live list alone stay before the item
 * that they stood before.
 */
function mergeLists(
  live: readonly Json[],
  applied: readonly Json[],
  topology: ListTopology,
): readonly Json[] {
  const liveItems = itemsOf(live, topology)
  const appliedItems = itemsOf(applied, topology)
  const liveByElement = new Map(liveItems.map(item => [item.element, item.value]))
  const appliedElements = new Set(appliedItems.map(({ element }) => element))
  const shared = appliedItems.filter(({ element }) => liveByElement.has(element))

  const merged: Json[] = []
  let at = 0
  /** Takes what is only in the live list, up to the next item that stands where it should. */
  const takeLive = (next: ListItem | undefined) => {
    for (; at < liveItems.length; at++) {
      const item = liveItems[at]
      if (item === undefined || item.element === next?.element) return
      if (!appliedElements.has(item.element)) merged.push(item.value)
    }
  }
  for (const { element, value } of appliedItems) {
    takeLive(shared[0])
    merged.push(mergeApplied(liveByElement.get(element), value, elementTopology(topology)))
    if (shared[0]?.element !== element) continue
    shared.shift()
    if (liveItems[at]?.element === element) at++
  }
  takeLive(undefined)
  return merged
}
