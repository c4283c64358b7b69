import { isDeepStrictEqual } from 'node:util'
import { applyPatch } from 'rfc6902'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type PatchOperation, parseJsonPatch } from './json-patch-operations.ts'
import { childOf, isIndex, isUnsafeName, parsePointer } from './json-pointer.ts'

/** Bytes that all copies of a patch may add up to, or a few of them fill the memory (kube-apiserver's number). */
const MOST_COPIED = 3 * 1024 * 1024

/** The document is a member, so that the pointer to all of it has a parent like every other. */
interface Holder {
  readonly document: Json
}

/**
 * JSON patch, RFC 6902; all operations or none. The document is not changed. Stricter than kube-apiserver, which
 * takes negative indices and replaces members that are not there; as there, a `test` for null passes when there
 * is no such member.
 *
 * Throws `BadRequest` for what is no patch, `RequestEntityTooLarge` for one of too many operations, `Invalid` for
 * an operation that fails: the message is kube-apiserver's, which says nothing of the operation, so that a cause
 * does (in the words of evanphx/json-patch).
 */
export function applyJsonPatch(document: JsonObject, operations: unknown): Json {
  const holder: Holder = { document: structuredClone(document) }
  let copied = 0
  for (const operation of parseJsonPatch(operations)) {
    if (operation.op === 'copy')
      copied += JSON.stringify(locate(holder, operation, 'from').value ?? null).length
    if (copied > MOST_COPIED) {
      throw failed(
        `Unable to complete the copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${MOST_COPIED}`,
      )
    }
    run(holder, operation)
  }
  return holder.document
}

function run(holder: Holder, operation: PatchOperation): void {
  switch (operation.op) {
    case 'test':
      test(holder, operation.path, operation.value)
      break
    case 'add':
    case 'replace':
      put(holder, operation, operation.value)
      break
    case 'remove':
      take(holder, operation, 'path')
      break
    case 'copy':
      put(holder, operation, present(holder, operation, 'from'))
      break
    case 'move': {
      const value = present(holder, operation, 'from')
      take(holder, operation, 'from')
      put(holder, operation, value)
    }
  }
}

function test(holder: Holder, path: string, value: Json): void {
  const { parent, key, value: actual } = locate(holder, { op: 'test', path }, 'path')
  if (actual === undefined && Array.isArray(parent)) throw outOfRange('test', path, key)
  if (!isDeepStrictEqual(actual ?? null, value)) throw failed(`testing value ${path} failed: test failed`)
}

function put(holder: Holder, operation: PatchOperation, value: Json): void {
  const { op, path } = operation
  if (op === 'replace') present(holder, operation, 'path')
  const { parent, key } = locate(holder, operation, 'path')
  if (Array.isArray(parent) && key !== '-' && Number(key) > parent.length) throw outOfRange(op, path, key)
  if (hasUnsafeMember(value))
    throw failed(`error in ${op} for path: '${path}': a member cannot be named __proto__`)
  change(holder, { op: op === 'replace' ? 'replace' : 'add', path: `/document${path}`, value })
}

function take(holder: Holder, operation: PatchOperation, member: 'path' | 'from'): void {
  const pointer = pointerOf(operation, member)
  if (pointer === '') throw missingParent(operation.op, '')
  present(holder, operation, member)
  change(holder, { op: 'remove', path: `/document${pointer}` })
}

/** What the pointer leads to. Throws `Invalid` when there is nothing. */
function present(holder: Holder, operation: PatchOperation, member: 'path' | 'from'): Json {
  const { parent, key, value } = locate(holder, operation, member)
  if (value !== undefined) return value
  const pointer = pointerOf(operation, member)
  if (Array.isArray(parent)) throw outOfRange(operation.op, pointer, key)
  if (operation.op === 'replace') {
    throw failed(`replace operation does not apply: doc is missing key: ${pointer}: missing value`)
  }
  throw failed(
    `error in ${operation.op} for path: '${pointer}': Unable to remove nonexistent key: ${key}: missing value`,
  )
}

interface Location {
  readonly parent: Json
  readonly key: string
  readonly value: Json | undefined
}

/** Where a pointer leads; the last step may lead nowhere. Throws `Invalid`. */
function locate(
  { document }: Holder,
  operation: Pick<PatchOperation, 'op' | 'path'>,
  member: 'path' | 'from',
): Location {
  const pointer = pointerOf(operation, member)
  const steps = parsePointer(pointer)
  if (steps === undefined || steps.some(isUnsafeName)) throw missingParent(operation.op, pointer)
  const key = steps.at(-1)
  if (key === undefined) return { parent: { document }, key: 'document', value: document }
  let parent: Json | undefined = document
  for (const step of steps.slice(0, -1)) parent = childOf(parent, step)
  if (typeof parent !== 'object' || parent === null) throw missingParent(operation.op, pointer)
  if (Array.isArray(parent) && key !== '-' && !isIndex(key)) {
    throw failed(
      `error in ${operation.op} for path: '${pointer}': value was not a proper array index: '${key}': strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`,
    )
  }
  return { parent, key, value: childOf(parent, key) }
}

function pointerOf(
  operation: Pick<PatchOperation, 'path'> & { readonly from?: string },
  member: 'path' | 'from',
): string {
  return member === 'path' ? operation.path : (operation.from ?? '')
}

function change(holder: Holder, operation: Parameters<typeof applyPatch>[1][number]): void {
  const [error] = applyPatch(holder, [operation])
  if (error) throw failed(error.message)
}

/** JSON may have such a member, but a copy of it would not. */
function hasUnsafeMember(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasUnsafeMember)
  if (!isJsonObject(value)) return false
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasUnsafeMember)
}

function missingParent(op: string, pointer: string): KubeFailure {
  return failed(
    `${op} operation does not apply: doc is missing path: ${JSON.stringify(pointer)}: missing value`,
  )
}

function outOfRange(op: string, pointer: string, index: string): KubeFailure {
  return failed(
    `error in ${op} for path: '${pointer}': Unable to access invalid index: ${index}: invalid index referenced`,
  )
}

function failed(why: string): KubeFailure {
  return new KubeFailure('Invalid', 'the server rejected our request due to an error in our request', {
    details: { causes: [{ reason: 'UnexpectedServerResponse', message: why, field: 'patch' }] },
  })
}
