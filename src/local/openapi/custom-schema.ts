import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { reference } from './definition.ts'
import { fieldDescription } from './descriptions.ts'
import { groupVersionKind, type OpenApiResource } from './open-api-resource.ts'

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta'

/** The schema of a custom kind with what every object has. */
export function customSchema(resource: OpenApiResource): JsonObject {
  const { schema = {} } = resource
  const given = schema['properties']
  return {
    type: 'object',
    ...schema,
    properties: { ...(isJsonObject(given) ? given : {}), ...typeMeta(), metadata: metadata(OBJECT_META) },
    'x-kubernetes-group-version-kind': [groupVersionKind(resource)],
  }
}

/** @param definition that of the items */
export function customListSchema(resource: OpenApiResource, definition: string): JsonObject {
  return {
    description: `A list of ${resource.kind} objects.`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeMeta(),
      items: { type: 'array', items: reference(definition) },
      metadata: metadata(LIST_META),
    },
    'x-kubernetes-group-version-kind': [groupVersionKind({ ...resource, kind: `${resource.kind}List` })],
  }
}

function typeMeta(): JsonObject {
  return Object.fromEntries(
    ['apiVersion', 'kind'].map(name => [name, { ...described(name), type: 'string' }]),
  )
}

function metadata(definition: string): JsonObject {
  return { ...described('metadata'), ...reference(definition) }
}

function described(field: string): JsonObject {
  const description = fieldDescription('', field)
  return description === undefined ? {} : { description }
}
