import { attributeJson } from '../model/attribute-text.ts'
import type { Attribute, AttributeValue } from '../model/attributes.ts'
import { decodeBase64, encodeBase64 } from '../model/base64.ts'
import type { JaegerKeyValue } from './jaeger-shapes.ts'

/**
 * Arrays and maps become JSON text, a double that JSON cannot say becomes its name (`NaN`).
 * Reading gives the same attribute back, but for arrays and maps, which stay text.
 */
export function writeKeyValue({ key, value }: Attribute): JaegerKeyValue {
  switch (typeof value) {
    case 'string':
      return { key, type: 'string', value }
    case 'boolean':
      return { key, type: 'bool', value }
    case 'bigint':
      return { key, type: 'int64', value: isSafe(value) ? Number(value) : String(value) }
    case 'number':
      return { key, type: 'float64', value: Number.isFinite(value) ? value : String(value) }
    default:
      return value instanceof Uint8Array
        ? { key, type: 'binary', value: encodeBase64(value) }
        : { key, type: 'string', value: attributeJson(value) }
  }
}

/** A value that is not of its type is taken as text. */
export function readKeyValue({ key, type, value }: JaegerKeyValue): Attribute {
  return { key, value: readValue(type, value) ?? String(value) }
}

function readValue(type: JaegerKeyValue['type'], value: JaegerKeyValue['value']): AttributeValue | undefined {
  switch (type) {
    case 'bool':
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : undefined
    case 'int64':
      return readInteger(String(value))
    case 'float64':
      return readDouble(String(value))
    case 'binary':
      return decodeBase64(String(value))
    default:
      return undefined
  }
}

function readInteger(text: string): bigint | undefined {
  return /^-?[0-9]+$/.test(text) ? BigInt(text) : undefined
}

function readDouble(text: string): number | undefined {
  const value = Number(text)
  return text !== '' && (text === 'NaN' || !Number.isNaN(value)) ? value : undefined
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
}
