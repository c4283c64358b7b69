/** A copy as JSON would have it (no `undefined`, no dates), that nobody can change. */
export function frozenJson<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value))
  return freeze(copy)
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}
