import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { builtInTopology, type GroupKind } from './built-in-topology.ts'
import { type ListTopology, memberOf } from './list-topology.ts'
import { type MemberPatch, parseObjectPatch, withoutDirectives } from './strategic-directives.ts'
import { checkOrder, mergedOrder, mergeList } from './strategic-list.ts'

/**
 * Strategic merge patch, of which kubectl makes use for the built-in kinds: like a JSON merge patch, but lists that
 * have a merge key (`patchMergeKey` in k8s.io/api) are merged item by item, and directives (`$patch`,
 * `$setElementOrder/…`, `$deleteFromPrimitiveList/…`, `$retainKeys`) say the rest. Neither argument is changed.
 *
 * Throws `BadRequest` in the words of kube-apiserver, which gives some of them the status 500.
 */
export function strategicMerge(target: JsonObject, patch: JsonObject): JsonObject {
  return mergeObject(target, patch, builtInTopology(groupKindOf(target)))
}

function groupKindOf({ apiVersion, kind }: JsonObject): GroupKind {
  const [group = '', version] = typeof apiVersion === 'string' ? apiVersion.split('/') : []
  return { group: version === undefined ? '' : group, kind: typeof kind === 'string' ? kind : '' }
}

function mergeObject(target: JsonObject, patch: JsonObject, topology: ListTopology): JsonObject {
  const { mode, retained, members } = parseObjectPatch(patch)
  if (mode === 'delete') return {}
  const base = mode === 'replace' ? {} : target
  const kept = Object.entries(base).filter(([name]) => retained === undefined || retained.has(name))
  const merged = new Map<string, Json>(kept)
  for (const [name, member] of members) {
    const value = mergeMember(merged.get(name), member, memberOf(topology, name))
    if (value === undefined) merged.delete(name)
    else merged.set(name, value)
  }
  return Object.fromEntries(merged)
}

function mergeMember(
  current: Json | undefined,
  patch: MemberPatch,
  topology: ListTopology,
): Json | undefined {
  const { value, order, deletions } = patch
  const key = topology.merge?.key
  if (order !== undefined && Array.isArray(value)) checkOrder(value, order, key)
  const merged = value === undefined ? current : mergeValue(current, value, topology)
  if (!Array.isArray(merged)) return merged
  const ordered =
    order === undefined
      ? merged
      : mergedOrder(merged, order, { current: Array.isArray(current) ? current : [], key })
  return deletions === undefined ? ordered : ordered.filter(item => !deletions.includes(item))
}

/** Undefined for what is deleted. */
function mergeValue(current: Json | undefined, patch: Json, topology: ListTopology): Json | undefined {
  if (patch === null) return undefined
  const strategy = topology.merge?.strategy
  if (isJsonObject(patch) && strategy !== 'replace') {
    if (isJsonObject(current)) return mergeObject(current, patch, topology)
    const { mode } = parseObjectPatch(patch)
    return mode === 'delete' ? undefined : withoutDirectives(patch)
  }
  if (Array.isArray(patch) && Array.isArray(current) && strategy === 'merge') {
    const mergeItem = (item: JsonObject, change: JsonObject) => mergeObject(item, change, topology.each ?? {})
    return mergeList(current, patch, { key: topology.merge?.key, mergeItem })
  }
  return withoutDirectives(patch)
}
