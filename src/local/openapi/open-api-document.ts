import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import { BUILT_IN_KINDS, messageNamed } from '../kinds/built-in-kinds.ts'
import { customListSchema, customSchema } from './custom-schema.ts'
import { type Definition, messageDefinition } from './definition.ts'
import {
  apiRoot,
  customDefinition,
  type GroupVersion,
  groupVersionKind,
  type OpenApiResource,
} from './open-api-resource.ts'
import { type BodyDefinitions, resourcePaths } from './resource-paths.ts'
import { scalarDefinition } from './scalar-schema.ts'

export interface IndexedGroupVersion extends GroupVersion {
  /** Of `openApiHash`: clients keep a document as long as its address is the same. */
  readonly hash: string
}

/** The answer of `/openapi/v3`. */
export function openApiIndex(groupVersions: readonly IndexedGroupVersion[]): JsonObject {
  const paths = groupVersions.map(({ hash, ...groupVersion }) => {
    const root = apiRoot(groupVersion)
    return [root.slice(1), { serverRelativeURL: `/openapi/v3${root}?hash=${hash}` }] as const
  })
  return { paths: Object.fromEntries(paths) }
}

/** A name of a document's content: 64 hexadecimal digits. */
export function openApiHash(document: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex').toUpperCase()
}

/**
 * The answer of `/openapi/v3/apis/GROUP/VERSION`: the schemas of the built-in kinds of that group and version, of
 * the custom resources among `resources`, and of all that these refer to; and the paths of `resources`, of which
 * those of other groups and versions are left out.
 */
export function openApiDocument(
  groupVersion: GroupVersion,
  resources: readonly OpenApiResource[],
): JsonObject {
  const own = resources.filter(resource => isOf(resource, groupVersion))
  const custom = own.filter(resource => builtInMessage(resource) === undefined)
  const schemas = [
    ...builtInSchemas(groupVersion, own),
    ...custom.flatMap(resource => {
      const definition = customDefinition(resource)
      return [
        [definition, customSchema(resource)] as const,
        [`${definition}List`, customListSchema(resource, definition)] as const,
      ]
    }),
  ]
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.assign({}, ...own.map(resource => resourcePaths(resource, bodiesOf(resource)))),
    components: { schemas: Object.fromEntries(schemas.sort(([one], [other]) => (one < other ? -1 : 1))) },
  }
}

function isOf(named: GroupVersion, { group, version }: GroupVersion): boolean {
  return named.group === group && named.version === version
}

function builtInMessage(resource: OpenApiResource): string | undefined {
  return BUILT_IN_KINDS.find(known => known.kind === resource.kind && isOf(known, resource))?.message
}

const PATCH = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch'
/** What operations of every resource need. */
const COMMON_MESSAGES = ['meta.ObjectMeta', 'meta.ListMeta', 'meta.Status', 'meta.DeleteOptions']
const SCALE_MESSAGE = 'autoscaling.Scale'

type Schemas = readonly (readonly [definition: string, schema: JsonObject])[]

function builtInSchemas(groupVersion: GroupVersion, resources: readonly OpenApiResource[]): Schemas {
  const known = BUILT_IN_KINDS.filter(kind => isOf(kind, groupVersion)).map(({ message }) => message)
  const hasScale = resources.some(({ subresources }) => subresources?.includes('scale') === true)
  const definitions = new Map<string, Definition>()
  const open = [...known, ...COMMON_MESSAGES, ...(hasScale ? [SCALE_MESSAGE] : [])]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (definitions.has(name)) continue
    const definition = definitionOf(name, groupVersion)
    definitions.set(name, definition)
    open.push(...definition.messages)
  }
  const scalars = new Set([...definitions.values()].flatMap(definition => definition.scalars))
  return [
    ...[...definitions].map(([name, { schema }]) => [messageNamed(name).definition, schema] as const),
    ...[...scalars].map(definition => [definition, scalarDefinition(definition)] as const),
    [PATCH, { description: 'A patch, of the form its media type names.', type: 'object' }],
  ]
}

/** Options are kinds of the group and version whose document it is. */
function definitionOf(name: string, groupVersion: GroupVersion): Definition {
  const kinds = BUILT_IN_KINDS.filter(({ message }) => message === name)
  const isOptions = name.endsWith('Options') && name.startsWith('meta.')
  const named = isOptions ? [{ ...groupVersion, kind: name.slice('meta.'.length) }] : kinds
  return messageDefinition(messageNamed(name), named.map(groupVersionKind))
}

function bodiesOf(resource: OpenApiResource): BodyDefinitions {
  const message = builtInMessage(resource)
  const object = message === undefined ? customDefinition(resource) : messageNamed(message).definition
  const list = `${resource.kind}List`
  const isListed = message === undefined || builtInMessage({ ...resource, kind: list }) !== undefined
  return {
    isBuiltIn: message !== undefined,
    object,
    ...(isListed ? { list: `${object}List` } : {}),
    status: messageNamed('meta.Status').definition,
    deleteOptions: messageNamed('meta.DeleteOptions').definition,
    patch: PATCH,
    scale: messageNamed(SCALE_MESSAGE).definition,
  }
}
