import { isJsonObject, type Json } from '../../model/json.ts'

/** Steps of a JSON pointer (RFC 6901), unescaped; undefined when it is none. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  const [first, ...steps] = pointer.split('/')
  if (first !== '') return undefined
  return steps.map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The member of that name, or the element of that index; own members only. Undefined when there is none. */
export function childOf(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return isIndex(step) ? value[Number(step)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** Digits without leading zeros. */
export function isIndex(step: string): boolean {
  return /^(0|[1-9]\d*)$/.test(step)
}

/** Names that lead to the machinery of the language instead of to a value. */
export function isUnsafeName(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype'
}
