import { applyPatch, type Operation } from 'rfc6902'
import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** Copies may not make more than this out of a small patch (`JSONPatchMaxCopyBytes` of the kube-apiserver). */
const MOST_COPIED_BYTES = 3 * 1024 * 1024

/** `rfc6902` cannot tell these keys from what every object inherits. */
const UNSAFE_KEYS = ['__proto__', 'constructor', 'prototype']
const INDEX = /^(0|[1-9]\d*)$/
const KINDS: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test']

/**
 * What a JSON patch (RFC 6902) makes of a document, which is not changed itself. Throws an `Error` that says,
 * in the words of the kube-apiserver, which operation does not apply. Only the object's own members are reached.
 */
export function applyJsonPatch(document: JsonObject, operations: readonly Json[]): Json {
  // Through text, so that a key `__proto__` stays a plain key.
  const copy: Json = JSON.parse(JSON.stringify(document))
  let copied = 0
  for (const written of operations) {
    const operation = readOperation(written)
    check(copy, operation)
    if (operation.op === 'copy') copied += checkCopy(copy, operation.from, copied)
    // Of the shapes of an operation, `readOperation` has made sure that it is one.
    const [failure] = applyPatch(copy, [operation as Operation])
    if (failure instanceof Error) throw new Error(failureText(operation, failure))
  }
  return copy
}

interface PatchOperation {
  readonly op: string
  readonly path: string
  readonly from: string
  readonly value?: Json
}

function readOperation(written: Json): PatchOperation {
  if (!isJsonObject(written)) throw new Error('an operation of the patch is no object')
  const { op, path, from } = written
  if (typeof op !== 'string' || !KINDS.includes(op)) throw new Error(`Unexpected kind: ${op ?? 'unknown'}`)
  if (typeof path !== 'string') throw new Error(`${op} operation failed to decode path: missing value`)
  const needsFrom = op === 'move' || op === 'copy'
  if (needsFrom && typeof from !== 'string') {
    throw new Error(`${op} operation failed to decode from: missing value`)
  }
  const value = written['value'] ?? null
  return { op, path, from: needsFrom ? String(from) : '', ...(op === 'remove' || needsFrom ? {} : { value }) }
}

function check(document: Json, { op, path, from }: PatchOperation): void {
  if (op === 'move' || op === 'copy') {
    const source = locate(document, from)
    if (source === undefined) {
      throw new Error(`${op} operation does not apply: doc is missing from path: ${from}: missing value`)
    }
    if (valueAt(source) === undefined) throw missingKey(op, source.key)
  }
  const target = locate(document, path)
  if (target === undefined) throw new Error(missingPath(op, path))
  const { parent, key } = target
  const inserts = op === 'add' || op === 'move' || op === 'copy'
  if (inserts) checkInsertion(target)
  else if (op !== 'test' && valueAt({ parent, key }) === undefined) {
    if (op === 'replace')
      throw new Error(`replace operation does not apply: doc is missing key: ${path}: missing value`)
    throw new Error(
      `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`,
    )
  }
}

function missingPath(op: string, path: string): string {
  const quoted = op === 'add' || op === 'remove' ? JSON.stringify(path) : path
  if (op === 'test') return `test operation does not apply: is missing path: ${path}: missing value`
  const what = op === 'move' || op === 'copy' ? 'destination path' : 'path'
  return `${op} operation does not apply: doc is missing ${what}: ${quoted}: missing value`
}

function missingKey(op: string, key: string): Error {
  return new Error(`error in ${op} for path: '${key}': unable to get nonexistent key: ${key}: missing value`)
}

function checkInsertion({ parent, key }: Location): void {
  if (!Array.isArray(parent) || key === '-') return
  if (!INDEX.test(key) || Number(key) > parent.length) {
    throw new Error(`Unable to access invalid index: ${key}: invalid index referenced`)
  }
}

interface Location {
  readonly parent: JsonObject | readonly Json[]
  readonly key: string
}

/** Undefined: on the way there, something is missing. */
function locate(document: Json, pointer: string): Location | undefined {
  const [before, ...keys] = pointer.split('/').map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const unsafe = keys.find(key => UNSAFE_KEYS.includes(key))
  if (unsafe !== undefined) throw new Error(`a patch may not reach ${JSON.stringify(unsafe)}: ${pointer}`)
  const last = keys.pop()
  if (before !== '' || last === undefined) return undefined
  let parent: Json | undefined = document
  for (const key of keys) {
    if (!isContainer(parent)) return undefined
    parent = valueAt({ parent, key })
  }
  return isContainer(parent) ? { parent, key: last } : undefined
}

function isContainer(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null
}

function valueAt({ parent, key }: Location): Json | undefined {
  if (!isJsonObject(parent)) return INDEX.test(key) ? parent[Number(key)] : undefined
  return Object.hasOwn(parent, key) ? parent[key] : undefined
}

function checkCopy(document: Json, from: string, copied: number): number {
  const source = locate(document, from)
  const size = source === undefined ? 0 : JSON.stringify(valueAt(source) ?? null).length
  if (copied + size <= MOST_COPIED_BYTES) return size
  throw new Error(
    `Unable to complete the copy, the accumulated size increase of copy is ${copied + size}, exceeding the limit ${MOST_COPIED_BYTES}`,
  )
}

function failureText({ op, path }: PatchOperation, failure: Error): string {
  if (op === 'test') return `testing value ${path} failed: test failed`
  return `error in ${op} for path: '${path}': ${messageOf(failure)}`
}
