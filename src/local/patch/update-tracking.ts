import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { compareValues } from './comparison.ts'
import { difference, isEmptySet, NO_FIELDS, union } from './field-set.ts'
import type { ListTopology } from './list-topology.ts'
import {
  isSameEntry,
  type ManagedEntries,
  type ManagedEntry,
  managedEntries,
  managerId,
  metadataOf,
  withManaged,
  withoutManaged,
} from './managed-fields.ts'
import { capUpdaters } from './manager-cap.ts'
import { trackedFields } from './untracked-fields.ts'

export interface WriteContext {
  /** Who writes: `kubectl-edit`. */
  readonly manager: string
  /** Now, as Kubernetes writes times. */
  readonly time: string
  /** Of the object and of the endpoint, which are the same. */
  readonly apiVersion: string
  readonly subresource?: string
  readonly lists: ListTopology
  /** Members of the object that the endpoint leaves as they are: `status` for the object where that has an endpoint. */
  readonly untouched?: readonly string[]
}

export interface TrackedUpdate extends WriteContext {
  /** Absent for what is created. */
  readonly before: JsonObject | undefined
  readonly after: JsonObject
}

/**
 * Gives `after` its `metadata.managedFields`: what was changed belongs to who changed it, and to nobody else.
 *
 * As in kube-apiserver, `after` may bring entries of its own (kubectl hands over those of client-side apply that
 * way); an empty list forgets all; what had no entries before is not tracked until somebody applies it.
 */
export function trackUpdate(update: TrackedUpdate): JsonObject {
  const { before, after, subresource } = update
  const source = subresource === undefined && bringsEntries(after) ? after : before
  const known = managedEntries(source)
  if (known.size === 0 && before !== undefined) return withoutManaged(after)

  const entries = trackedEntries(known, update)
  if (isUnchanged(known, entries)) return withEntriesOf(after, source)
  return withManaged(after, entries)
}

/** The entries after a change; those before are given, whatever the objects themselves say. */
export function trackedEntries(known: ManagedEntries, update: TrackedUpdate): ManagedEntries {
  const { untouched, lists, time } = update
  const before = withoutManaged(update.before ?? {}, untouched)
  const { touched, removed } = compareValues(before, withoutManaged(update.after, untouched), lists)
  const lost = union(touched, removed)
  const entries = new Map<string, ManagedEntry>()
  for (const [id, entry] of known) {
    const fields = difference(entry.fields, lost)
    if (!isEmptySet(fields)) entries.set(id, { ...entry, fields })
  }
  const gained = trackedFields(touched)
  if (isEmptySet(gained)) return capUpdaters(entries)
  const name = managerName(update, 'Update')
  const id = managerId(name)
  const fields = union(entries.get(id)?.fields ?? NO_FIELDS, gained)
  return capUpdaters(entries.set(id, { ...name, time, fields }))
}

/** An entry without fields, without time. */
export function managerName(
  { manager, apiVersion, subresource }: WriteContext,
  operation: ManagedEntry['operation'],
): Omit<ManagedEntry, 'fields' | 'time'> {
  const named = { manager: manager === '' ? 'unknown' : manager, operation, apiVersion }
  return subresource === undefined || subresource === '' ? named : { ...named, subresource }
}

/** Whether the entries are to be taken from what a client sent: readable ones, or a wish to forget all. */
function bringsEntries(object: JsonObject): boolean {
  const { managedFields } = metadataOf(object)
  if (!Array.isArray(managedFields)) return false
  const [first] = managedFields
  const isBlank = isJsonObject(first) && Object.keys(first).length === 0 && managedFields.length === 1
  return managedFields.length === 0 || isBlank || managedEntries(object).size > 0
}

function isUnchanged(known: ManagedEntries, entries: ManagedEntries): boolean {
  if (known.size !== entries.size) return false
  return [...entries].every(([id, entry]) => {
    const old = known.get(id)
    return isSameEntry(entry, old) && entry.time === old?.time
  })
}

/** The entries as they are written there, letter by letter. */
function withEntriesOf(object: JsonObject, source: JsonObject | undefined): JsonObject {
  const { managedFields } = metadataOf(source)
  const bare = withoutManaged(object)
  if (managedFields === undefined) return bare
  return { ...bare, metadata: { ...metadataOf(bare), managedFields } }
}
