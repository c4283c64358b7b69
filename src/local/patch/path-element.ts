import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/**
 * One step of a path, written as a key of `fieldsV1`: `f:spec` (a field), `k:{"name":"a"}` (an item by its keys),
 * `v:"a"` (an element of a set), `i:0` (by its index). Kubernetes documents them at `FieldsV1`. Equal steps are
 * equal texts: keys are sorted, and there is no white space.
 */
export type PathElement = string

export function fieldElement(name: string): PathElement {
  return `f:${name}`
}

export function keyElement(keys: JsonObject): PathElement {
  return `k:${JSON.stringify(keys, Object.keys(keys).sort())}`
}

export function valueElement(value: Json): PathElement {
  return `v:${JSON.stringify(value)}`
}

export function indexElement(index: number): PathElement {
  return `i:${index}`
}

/** What somebody else wrote, in our spelling; undefined when it is no step. */
export function parsePathElement(text: string): PathElement | undefined {
  const rest = text.slice(2)
  switch (text.slice(0, 2)) {
    case 'f:':
      return text
    case 'v:': {
      const value = parsed(rest)
      return value === undefined ? undefined : valueElement(value)
    }
    case 'k:': {
      const keys = parsed(rest)
      return isJsonObject(keys) ? keyElement(keys) : undefined
    }
    case 'i:':
      return /^\d+$/.test(rest) ? text : undefined
    default:
      return undefined
  }
}

/** As conflicts name places: `.spec.containers[name="a"].image`, `.metadata.finalizers[="x"]`. */
export function describePath(path: readonly PathElement[]): string {
  return path.map(describeElement).join('')
}

export function describeElement(element: PathElement): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('v:')) return `[=${rest}]`
  const keys = element.startsWith('k:') ? parsed(rest) : undefined
  if (!isJsonObject(keys)) return `[${rest}]`
  return `[${Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
