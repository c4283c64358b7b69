import { isDeepStrictEqual } from 'node:util'
import { createPatch } from 'rfc6902'
import type { JsonObject } from '../../model/json.ts'

/** Beyond, comparing each element of one list with each of the other takes too long. */
const MOST_COMPARISONS = 10_000

type Difference = NonNullable<Parameters<typeof createPatch>[2]>
type Operation = ReturnType<typeof createPatch>[number]

/** The JSON patch (RFC 6902) from one object to another, small where little was changed; undefined: they are the same. */
export function patchBetween(before: JsonObject, after: JsonObject): string | undefined {
  const operations = createPatch(before, after, compareLists)
  return operations.length === 0 ? undefined : JSON.stringify(operations)
}

/** Whoever may create pods could otherwise send lists for which the search for the least patch does not end. */
const compareLists: Difference = (before, after, pointer) => {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined
  if (before.every((element, index) => index < after.length && isDeepStrictEqual(element, after[index]))) {
    const path = pointer.add('-').toString()
    return after.slice(before.length).map((value): Operation => ({ op: 'add', path, value }))
  }
  if (before.length * after.length <= MOST_COMPARISONS) return undefined
  return [{ op: 'replace', path: pointer.toString(), value: after }]
}
