import type { StoredObject } from '../store/object-tables.ts'
import { objectKey, resourceKey } from '../store/resource-key.ts'

interface Line extends StoredObject {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
}

interface Snapshot {
  readonly version: number
  readonly objects: readonly StoredObject[]
}

/** The objects as they were after the last line that is whole; undefined: there is nothing yet. */
export function readJournal(snapshotText: string, log: string): Snapshot | undefined {
  const snapshot = snapshotText === '' ? undefined : (parse(snapshotText) as Snapshot | undefined)
  if (snapshot === undefined && log === '') return undefined
  const objects = new Map(snapshot?.objects.map(stored => [keyOf(stored), stored]))
  let version = snapshot?.version ?? 0
  for (const text of log.split('\n')) {
    const line = parse(text) as Line | undefined
    // The last line may be torn: whoever wrote it was killed.
    if (line === undefined) break
    if (line.version <= version) continue
    version = line.version
    const { resource, object } = line
    if (line.type === 'DELETED') objects.delete(keyOf(line))
    else objects.set(keyOf(line), { resource, object })
  }
  return { version, objects: [...objects.values()] }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function keyOf({ resource, object }: StoredObject): string {
  return `${resourceKey(resource)} ${objectKey(object.metadata)}`
}
