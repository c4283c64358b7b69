import type { AttributeValue } from './attributes.ts'
import { encodeBase64 } from './base64.ts'

/**
 * The value as text, as Jaeger compares and prints it: strings as they are, `true`, `123`, `72.5`,
 * bytes in base64, arrays and maps as JSON.
 */
export function attributeText(value: AttributeValue): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  return value instanceof Uint8Array ? encodeBase64(value) : attributeJson(value)
}

/** The value as JSON text: integers in full, bytes as base64 strings, the keys of a map in order of code units. */
export function attributeJson(value: AttributeValue): string {
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`
  if (isMap(value)) return mapJson(value)
  return `[${value.map(attributeJson).join(',')}]`
}

function isMap(
  value: readonly AttributeValue[] | ReadonlyMap<string, AttributeValue>,
): value is ReadonlyMap<string, AttributeValue> {
  return value instanceof Map
}

function mapJson(map: ReadonlyMap<string, AttributeValue>): string {
  const members = [...map].sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${attributeJson(value)}`).join(',')}}`
}
