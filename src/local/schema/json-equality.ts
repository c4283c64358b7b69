import { isJsonObject, type Json } from '../../model/json.ts'
import { isList } from './go-text.ts'

/** Whether two values are the same JSON; the order of keys does not matter. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at] ?? null))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && sameJson(a[key] ?? null, b[key] ?? null))
  )
}
