import { KubeFailure } from '../../kube/kube-failure.ts'
import { apiVersionOf } from '../../kube/resources.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { KubeObject, Metadata } from '../../model/kubernetes.ts'
import { withoutNulls, withoutUnknownFields } from '../kinds/decoded-object.ts'
import { unknownFields } from '../kinds/strict-fields.ts'
import { typeProblem } from '../kinds/type-problem.ts'
import type { ApiResource, CustomVersion } from '../registry/api-resource.ts'
import type { WriteContext } from './write-context.ts'

/** What the path of a request says of the object in its body. */
export interface Place {
  readonly namespace?: string
  /** Absent where the object brings its name. */
  readonly name?: string
}

/**
 * An object as it came in, of the kind that the path says, in its place, without fields that the kind does not
 * have, custom ones with their defaults. Throws `BadRequest` where it is something else.
 */
export function decodeObject(
  resource: ApiResource,
  body: JsonObject,
  place: Place,
  context: DecodeContext,
): KubeObject {
  const placed = placeObject(resource, body, place)
  const { object, unknown } =
    resource.custom === undefined
      ? decodeBuiltIn(resource, placed, context)
      : decodeCustom(resource.custom, placed, context)
  if (unknown.length > 0) reportUnknown(resource, unknown, context)
  return asKubeObject(object)
}

interface DecodeContext extends Pick<WriteContext, 'validation' | 'warn' | 'trusted'> {
  /** False: what is applied is only what was written. */
  readonly defaults?: boolean
}

interface Decoded {
  readonly object: JsonObject
  /** Paths of fields. */
  readonly unknown: readonly string[]
}

function decodeBuiltIn(resource: ApiResource, placed: JsonObject, { trusted }: DecodeContext): Decoded {
  if (trusted) return { object: placed, unknown: [] }
  const kind = { apiVersion: apiVersionOf(resource), kind: resource.kind }
  const object = withoutNulls(kind, placed)
  const problem = typeProblem(kind, object)
  if (problem !== undefined) throw new KubeFailure('BadRequest', problem)
  const unknown = unknownFields(kind, object)
  return { object: unknown.length === 0 ? object : withoutUnknownFields(kind, object), unknown }
}

function decodeCustom(
  { schema }: CustomVersion,
  placed: JsonObject,
  { defaults = true }: DecodeContext,
): Decoded {
  const { object, unknown } = schema.prune(placed)
  return { object: defaults ? schema.withDefaults(object) : object, unknown }
}

function reportUnknown(
  resource: ApiResource,
  fields: readonly string[],
  { validation, warn }: Pick<WriteContext, 'validation' | 'warn'>,
): void {
  const problems = fields.map(field => `unknown field "${field}"`)
  if (validation === 'Strict')
    throw new KubeFailure(
      'BadRequest',
      `${cannotBe(resource)}: strict decoding error: ${problems.join(', ')}`,
    )
  if (validation === 'Warn') for (const problem of problems) warn(problem)
}

function cannotBe({ kind, version }: ApiResource): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}`
}

function placeObject(resource: ApiResource, body: JsonObject, place: Place): JsonObject {
  // Only what is built in is known without its name.
  if (resource.custom !== undefined && body['kind'] === undefined)
    throw new KubeFailure('BadRequest', `Object 'Kind' is missing in '${JSON.stringify(body)}'`)
  const { apiVersion = apiVersionOf(resource), kind = resource.kind, metadata = {}, ...rest } = body
  if (apiVersion !== apiVersionOf(resource))
    throw new KubeFailure(
      'BadRequest',
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(resource)})`,
    )
  if (kind !== resource.kind)
    throw new KubeFailure('BadRequest', `${cannotBe(resource)}: its kind is ${JSON.stringify(kind)}`)
  if (!isJsonObject(metadata)) throw new KubeFailure('BadRequest', 'metadata must be an object')
  return { apiVersion, kind, metadata: placeMetadata(resource, metadata, place), ...rest }
}

function placeMetadata(resource: ApiResource, metadata: JsonObject, place: Place): JsonObject {
  const { name = place.name ?? '', namespace = place.namespace ?? null } = metadata
  if (place.name !== undefined && name !== place.name)
    throw new KubeFailure(
      'BadRequest',
      `the name of the object (${name}) does not match the name on the URL (${place.name})`,
    )
  if (resource.namespaced && namespace !== (place.namespace ?? null))
    throw new KubeFailure(
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  const { namespace: _, ...rest } = metadata
  return { ...rest, name, ...(namespace === null || namespace === '' ? {} : { namespace }) }
}

function asKubeObject(object: JsonObject): KubeObject {
  const { apiVersion, kind, metadata } = object
  // All three were put there by placeObject, and types of metadata were checked by the schema or the table.
  return {
    ...object,
    apiVersion: String(apiVersion),
    kind: String(kind),
    metadata: metadata as unknown as Metadata,
  }
}
