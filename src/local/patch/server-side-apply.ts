import { isDeepStrictEqual } from 'node:util'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { checkApplied, describeKind } from './applied-check.ts'
import { appliedFields, withoutFields } from './applied-fields.ts'
import { mergeApplied } from './applied-merge.ts'
import { applyConflict, type OwnershipConflict } from './apply-conflict.ts'
import { compareValues } from './comparison.ts'
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  union,
  withParentFields,
} from './field-set.ts'
import { lastAppliedFields, withLastApplied } from './last-applied.ts'
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
import { trackedFields } from './untracked-fields.ts'
import { managerName, trackedEntries, type WriteContext } from './update-tracking.ts'

export interface ServerSideApply extends WriteContext {
  /** Absent for what is created. */
  readonly live: JsonObject | undefined
  readonly applied: JsonObject
  /** Takes what others own. */
  readonly force: boolean
}

/**
 * Server-side apply (KEP-555): `applied` is all that its manager wants. It is merged into `live`, what the manager
 * applied before and leaves out now goes if nobody else owns it, and `metadata.managedFields` tells who owns what.
 * When nothing changes, the result is deep-equal to `live`. Neither argument is changed.
 *
 * Throws `Conflict` with a cause for each place that somebody else owns with another value, and `BadRequest` for
 * what cannot be applied.
 */
export function applyServerSide(apply: ServerSideApply): { readonly object: JsonObject } {
  checkRequest(apply)
  const { untouched, lists } = apply
  const applied = withoutManaged(apply.applied, untouched)
  checkApplied(applied, lists)

  const live = withoutManaged(apply.live ?? {})
  const known = knownEntries(apply, live)
  const name = managerName(apply, 'Apply')
  const self = managerId(name)
  const fields = appliedFields(applied, lists)
  const others = new Map([...known].filter(([id]) => id !== self))
  const dropped = droppedFields(known.get(self), fields, others)
  const merged = objectOf(withoutFields(mergeApplied(live, applied, lists), dropped, lists))

  const entries = remainingEntries(others, live, merged, apply)
  const tracked = trackedFields(fields)
  if (!isEmptySet(tracked)) {
    const time = isDeepStrictEqual(live, merged) ? keptTime(known.get(self), tracked, apply) : apply.time
    entries.set(self, { ...name, fields: tracked, ...(time !== undefined && { time }) })
  }
  return { object: finished(merged, entries, apply) }
}

function checkRequest({ applied, live, apiVersion }: ServerSideApply): void {
  const { managedFields = null } = metadataOf(applied)
  if (managedFields !== null) throw new KubeFailure('BadRequest', 'metadata.managedFields must be nil')
  const kind = live === undefined ? applied['kind'] : live['kind']
  if (applied['apiVersion'] !== apiVersion || applied['kind'] !== kind) {
    const described = describeKind(applied['apiVersion'], applied['kind'])
    throw new KubeFailure('BadRequest', `invalid object type: ${described}`)
  }
}

/** What was there before anybody applied it belongs to `before-first-apply`, so that it is not taken silently. */
function knownEntries(apply: ServerSideApply, live: JsonObject): ManagedEntries {
  const known = managedEntries(apply.live)
  if (known.size > 0 || apply.live === undefined) return known
  const { subresource: _, ...context } = apply
  return trackedEntries(known, { ...context, manager: 'before-first-apply', before: undefined, after: live })
}

/** What the manager applied before, leaves out now, and nobody else owns. */
function droppedFields(previous: ManagedEntry | undefined, now: FieldSet, others: ManagedEntries): FieldSet {
  if (previous === undefined) return NO_FIELDS
  const owned = [...others.values()].reduce((owned, { fields }) => union(owned, fields), now)
  return difference(withParentFields(previous.fields), withParentFields(owned))
}

/** What is left to the others after a change. Throws `Conflict`. */
function remainingEntries(
  others: ManagedEntries,
  live: JsonObject,
  merged: JsonObject,
  apply: ServerSideApply,
): Map<string, ManagedEntry> {
  const { touched, removed } = compareValues(live, merged, apply.lists)
  const conflicts = [...others.values()]
    .map((entry): OwnershipConflict => ({ entry, fields: intersection(entry.fields, touched) }))
    .filter(({ fields }) => !isEmptySet(fields))
  if (!apply.force) refuseConflicts(conflicts, live, apply)

  const lost = union(touched, removed)
  const left = [...others].map(
    ([id, entry]) => [id, { ...entry, fields: difference(entry.fields, lost) }] as const,
  )
  return new Map(left.filter(([, { fields }]) => !isEmptySet(fields)))
}

function refuseConflicts(
  conflicts: readonly OwnershipConflict[],
  live: JsonObject,
  { manager, apiVersion, lists }: ServerSideApply,
): void {
  if (conflicts.length === 0) return
  const allowed = manager === 'kubectl' ? lastAppliedFields(live, apiVersion, lists) : NO_FIELDS
  const refused = conflicts
    .map(({ entry, fields }) => ({ entry, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmptySet(fields))
  if (refused.length > 0) throw applyConflict(refused)
}

/** An apply that changes nothing, not even who owns what, leaves no trace. */
function keptTime(
  previous: ManagedEntry | undefined,
  fields: FieldSet,
  { apiVersion, time }: ServerSideApply,
): string | undefined {
  const isSame = previous !== undefined && isSameEntry({ ...previous, fields, apiVersion }, previous)
  return isSame ? previous.time : time
}

function finished(merged: JsonObject, entries: ManagedEntries, apply: ServerSideApply): JsonObject {
  const object = withManaged(
    apply.manager === 'kubectl' ? withLastApplied(merged, apply.applied) : merged,
    entries,
  )
  const { live } = apply
  if (live === undefined || !isDeepStrictEqual(withoutManaged(object), withoutManaged(live))) return object
  const [old, now] = [managedEntries(live), managedEntries(object)]
  const isSame = old.size === now.size && [...now].every(([id, entry]) => isSameEntry(entry, old.get(id)))
  // Entries that say the same in other words stay as they are.
  return isSame ? live : object
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}
