import { union } from './field-set.ts'
import { type ManagedEntries, type ManagedEntry, managerId, secondsOf } from './managed-fields.ts'

/** As many who update are told apart, besides those who apply (the number is kube-apiserver's). */
const MOST_UPDATERS = 10
const ANCIENT = 'ancient-changes'

/** Of too many who update, the oldest of the same version become one, `ancient-changes`. */
export function capUpdaters(entries: ManagedEntries): ManagedEntries {
  const capped = new Map(entries)
  const updaters = [...entries].filter(([, { operation }]) => operation === 'Update').sort(byAge)
  let count = updaters.length
  const oldestOf = new Map<string, string>()

  for (const [id, entry] of updaters) {
    if (count <= MOST_UPDATERS) break
    const oldestId = oldestOf.get(entry.apiVersion)
    // What was merged already comes again when it had been there before.
    if (oldestId === id) continue
    const oldest = oldestId === undefined ? undefined : capped.get(oldestId)
    if (oldestId === undefined || oldest === undefined) {
      oldestOf.set(entry.apiVersion, id)
      continue
    }
    capped.delete(oldestId)
    capped.delete(id)
    const merged = mergedEntry(oldest, entry)
    const mergedId = managerId(merged)
    const bucket = capped.get(mergedId)
    capped.set(mergedId, bucket === undefined ? merged : mergedEntry(merged, bucket))
    oldestOf.set(entry.apiVersion, mergedId)
    count -= bucket === undefined ? 1 : 2
  }
  return capped
}

/** The later of the two gives the time. */
function mergedEntry(older: ManagedEntry, newer: ManagedEntry): ManagedEntry {
  const { apiVersion } = newer
  const time = newer.time ?? older.time
  const fields = union(older.fields, newer.fields)
  return { manager: ANCIENT, operation: 'Update', apiVersion, fields, ...(time !== undefined && { time }) }
}

function byAge([oneId, one]: [string, ManagedEntry], [otherId, other]: [string, ManagedEntry]): number {
  return secondsOf(one) - secondsOf(other) || (oneId < otherId ? -1 : 1)
}
