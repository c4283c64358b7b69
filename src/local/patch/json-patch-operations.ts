import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** An operation of a JSON patch whose members are those that it must have. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string }

/** The number is kube-apiserver's. */
const MOST_OPERATIONS = 10_000

/** Throws `BadRequest` for what is no patch, and `RequestEntityTooLarge` for one that is too long. */
export function parseJsonPatch(patch: unknown): readonly PatchOperation[] {
  if (!Array.isArray(patch)) {
    throw undecodable(
      `json: cannot unmarshal ${typeName(patch)} into Go value of type []handlers.jsonPatchOp`,
    )
  }
  if (patch.length > MOST_OPERATIONS) {
    throw new KubeFailure(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`,
    )
  }
  return patch.map(parseOperation)
}

function parseOperation(operation: unknown): PatchOperation {
  if (!isJsonObject(operation)) {
    throw undecodable(
      `json: cannot unmarshal ${typeName(operation)} into Go value of type handlers.jsonPatchOp`,
    )
  }
  const op = textOf(operation, 'op') ?? 'unknown'
  const path = textOf(operation, 'path')
  if (path === undefined) throw undecodable(`${op} operation failed to decode path: missing value`)
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      return { op, path, value: operandOf(operation) }
    case 'remove':
      return { op, path }
    case 'move':
    case 'copy': {
      const from = textOf(operation, 'from')
      if (from === undefined) throw undecodable(`${op} operation failed to decode from: missing value`)
      return { op, path, from }
    }
    default:
      throw undecodable(`Unexpected kind: ${op}`)
  }
}

function textOf(operation: JsonObject, name: 'op' | 'path' | 'from'): string | undefined {
  const value = Object.hasOwn(operation, name) ? operation[name] : undefined
  if (value === undefined || typeof value === 'string') return value
  throw undecodable(
    `json: cannot unmarshal ${typeName(value)} into Go struct field jsonPatchOp.${name} of type string`,
  )
}

function operandOf(operation: JsonObject): Json {
  const value = Object.hasOwn(operation, 'value') ? operation['value'] : undefined
  if (value === undefined) throw undecodable('operation, missing value field: missing value')
  return value
}

/** As Go's decoder names it. */
function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function undecodable(why: string): KubeFailure {
  return new KubeFailure('BadRequest', `error decoding patch: ${why}`)
}
