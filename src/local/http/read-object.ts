import { parse } from 'yaml'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { HttpRequest } from '../../runtime/http-exchange.ts'
import type { Patch } from '../api/patch.ts'
import { decodeKubeProtobuf, KUBE_PROTOBUF } from '../protobuf/kube-protobuf.ts'
import { checkNesting } from './nesting.ts'

/** As etcd's limit, and kube-apiserver's. */
const LIMIT_BYTES = 3 * 1024 * 1024

/** The object of a body, JSON where nothing else is said. Undefined: there is no body. */
export async function readObject(request: HttpRequest): Promise<JsonObject | undefined> {
  const bytes = await readBytes(request)
  if (bytes.length === 0) return undefined
  const type = contentType(request) || 'application/json'
  if (type === KUBE_PROTOBUF) return decodeKubeProtobuf(bytes)
  if (type === 'application/json' || type === 'application/yaml') return objectOf(parseText(type, bytes))
  throw unsupportedType(type, ['application/json', 'application/yaml', KUBE_PROTOBUF])
}

/** As `readObject`, where there must be one. */
export async function readRequired(request: HttpRequest): Promise<JsonObject> {
  const object = await readObject(request)
  if (object !== undefined) return object
  throw new KubeFailure('BadRequest', 'the body of the request is empty, it must hold an object')
}

const PATCH_TYPES: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** The patch of a body, by its content type. */
export async function readPatch(request: HttpRequest): Promise<Patch> {
  const header = contentType(request)
  const type = PATCH_TYPES[header]
  if (type === undefined) throw unsupportedType(header, Object.keys(PATCH_TYPES))
  const value = parseText(
    type === 'apply' ? 'application/yaml' : 'application/json',
    await readBytes(request),
  )
  if (type === 'json') return { type, operations: value }
  const body = objectOf(value)
  if (type === 'apply') return { type, body, force: request.query.get('force') === 'true' }
  return { type, body }
}

function contentType({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

async function readBytes(request: HttpRequest): Promise<Uint8Array> {
  const body = await request.body(LIMIT_BYTES)
  if (body.status === 'read') return body.bytes
  if (body.status === 'too-large')
    throw new KubeFailure('RequestEntityTooLarge', `limit is ${body.limit} bytes`)
  throw new KubeFailure('BadRequest', `the body could not be read: ${body.status}`)
}

function parseText(type: string, bytes: Uint8Array): Json {
  const value = parsed(type, new TextDecoder().decode(bytes))
  checkNesting(value)
  return value
}

function parsed(type: string, text: string): Json {
  try {
    // YAML's aliases can make much of little: there are none in an object of the API.
    return type === 'application/json' ? JSON.parse(text) : parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new KubeFailure('BadRequest', `error decoding the body: ${messageOf(error)}`)
  }
}

function objectOf(value: Json): JsonObject {
  if (isJsonObject(value)) return value
  throw new KubeFailure('BadRequest', 'the body must be an object')
}

function unsupportedType(type: string, accepted: readonly string[]): KubeFailure {
  return new KubeFailure(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format (${type || 'no content type'}) - accepted media types include: ${accepted.join(', ')}`,
  )
}
