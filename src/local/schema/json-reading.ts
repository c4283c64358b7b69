import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { isList } from './go-text.ts'

/**
 * Reads members of JSON that somebody else wrote. What is absent, null or of another type reads as the empty
 * value, as Go has it: rules then say that it is required.
 */

export function valueAt(object: JsonObject, key: string): Json | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return value === null ? undefined : value
}

export function textAt(object: JsonObject, key: string): string {
  const value = valueAt(object, key)
  return typeof value === 'string' ? value : ''
}

export function flagAt(object: JsonObject, key: string): boolean {
  return valueAt(object, key) === true
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  return findObject(object, key) ?? {}
}

export function findObject(object: JsonObject, key: string): JsonObject | undefined {
  const value = valueAt(object, key)
  return isJsonObject(value) ? value : undefined
}

export function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = valueAt(object, key)
  return isList(value) ? value : []
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key).map(item => (isJsonObject(item) ? item : {}))
}

export function textsAt(object: JsonObject, key: string): readonly string[] {
  return listAt(object, key).filter(item => typeof item === 'string')
}
