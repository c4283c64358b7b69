/** What is at a path of field names; undefined where there is nothing. */
export function valueAt(object: object, path: readonly string[]): unknown {
  let value: unknown = object
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = Object.getOwnPropertyDescriptor(value, part)?.value
  }
  return value
}
