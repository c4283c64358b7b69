import type { Json, JsonObject } from '../../model/json.ts'

/** The object with its values changed, or left out where `change` gives undefined; itself if nothing changes. */
export function mappedObject(
  object: JsonObject,
  change: (name: string, value: Json) => Json | undefined,
): JsonObject {
  let same = true
  const entries: [string, Json][] = []
  for (const [name, value] of Object.entries(object)) {
    const changed = change(name, value)
    same = same && changed === value
    if (changed !== undefined) entries.push([name, changed])
  }
  // fromEntries defines: a key `__proto__` stays a key.
  return same ? object : Object.fromEntries(entries)
}

/** The list with its items changed; itself if none changes. */
export function mappedList(
  list: readonly Json[],
  change: (value: Json, at: number) => Json,
): readonly Json[] {
  const changed = list.map(change)
  return changed.every((value, at) => value === list[at]) ? list : changed
}
