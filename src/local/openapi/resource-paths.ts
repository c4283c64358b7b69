import type { JsonObject } from '../../model/json.ts'
import { SCHEMAS } from './definition.ts'
import { apiRoot, groupVersionKind, type OpenApiResource } from './open-api-resource.ts'

/** The definitions that a resource's bodies have. */
export interface BodyDefinitions {
  /** Whether it takes strategic merge patches. */
  readonly isBuiltIn: boolean
  readonly object: string
  /** Absent: objects of the kind are created only, as reviews are; nothing is stored. */
  readonly list?: string
  readonly status: string
  readonly deleteOptions: string
  readonly patch: string
  readonly scale: string
}

/**
 * The paths of a resource with their operations. kubectl finds kinds by them (`explain`), and in the parameters of
 * `patch` whether the server can dry-run and check fields, and in its media types whether the kind takes
 * strategic merge patches.
 */
export function resourcePaths(resource: OpenApiResource, bodies: BodyDefinitions): JsonObject {
  const { plural, namespaced, subresources = [] } = resource
  const root = apiRoot(resource)
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const one = `${collection}/{name}`
  const own = { gvk: groupVersionKind(resource), bodies }
  const { list } = bodies
  if (list === undefined) {
    return { [collection]: { ...pathParameters(namespaced, false), post: writing('post', own) } }
  }
  const scale = { ...own, gvk: SCALE, bodies: { ...bodies, object: bodies.scale } }
  const paths: readonly (readonly [string, JsonObject])[] = [
    ...(namespaced ? [[`${root}/${plural}`, { get: listing(own, list) }] as const] : []),
    [collection, { ...pathParameters(namespaced, false), ...collectionOperations(own, list) }],
    [one, { ...pathParameters(namespaced, true), ...objectOperations(own), delete: deletion('delete', own) }],
    ...subresources.map(
      name =>
        [
          `${one}/${name}`,
          { ...pathParameters(namespaced, true), ...objectOperations(name === 'scale' ? scale : own) },
        ] as const,
    ),
  ]
  return Object.fromEntries(paths)
}

const SCALE: JsonObject = { group: 'autoscaling', kind: 'Scale', version: 'v1' }

interface Subject {
  readonly gvk: JsonObject
  readonly bodies: BodyDefinitions
}

function pathParameters(namespaced: boolean, named: boolean): JsonObject {
  const names = [...(named ? ['name'] : []), ...(namespaced ? ['namespace'] : [])]
  const parameters = names.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return parameters.length === 0 ? {} : { parameters }
}

function query(name: string, type = 'string'): JsonObject {
  return { name, in: 'query', schema: { type, uniqueItems: true } }
}

const WRITE_PARAMETERS: readonly JsonObject[] = ['dryRun', 'fieldManager', 'fieldValidation'].map(name =>
  query(name),
)
const LIST_PARAMETERS: readonly JsonObject[] = [
  query('allowWatchBookmarks', 'boolean'),
  query('fieldSelector'),
  query('labelSelector'),
  query('limit', 'integer'),
  query('resourceVersion'),
  query('resourceVersionMatch'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
  query('watch', 'boolean'),
]
const DELETE_PARAMETERS: readonly JsonObject[] = [
  query('dryRun'),
  query('gracePeriodSeconds', 'integer'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy'),
]

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
]
const STRATEGIC = 'application/strategic-merge-patch+json'

function content(definition: string, types: readonly string[] = ['application/json']): JsonObject {
  const schema = { $ref: `${SCHEMAS}${definition}` }
  return { content: Object.fromEntries(types.map(type => [type, { schema }])) }
}

function operation(action: string, { gvk }: Subject, parts: JsonObject): JsonObject {
  return { ...parts, 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': gvk }
}

function answers(definition: string, ...statuses: readonly string[]): JsonObject {
  return {
    responses: Object.fromEntries(
      statuses.map(status => [
        status,
        { description: DESCRIPTIONS.get(status) ?? '', ...content(definition) },
      ]),
    ),
  }
}

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['200', 'OK'],
  ['201', 'Created'],
  ['202', 'Accepted'],
])

function listing(subject: Subject, definition: string): JsonObject {
  return operation('list', subject, { parameters: LIST_PARAMETERS, ...answers(definition, '200') })
}

function writing(action: 'post' | 'put', subject: Subject): JsonObject {
  const { object } = subject.bodies
  return operation(action, subject, {
    parameters: WRITE_PARAMETERS,
    requestBody: { required: true, ...content(object) },
    ...answers(object, '200', '201'),
  })
}

function deletion(action: 'delete' | 'deletecollection', subject: Subject): JsonObject {
  return operation(action, subject, {
    parameters: action === 'delete' ? DELETE_PARAMETERS : [...DELETE_PARAMETERS, ...LIST_PARAMETERS],
    requestBody: content(subject.bodies.deleteOptions),
    ...answers(subject.bodies.status, '200', '202'),
  })
}

function collectionOperations(subject: Subject, list: string): JsonObject {
  return {
    get: listing(subject, list),
    post: writing('post', subject),
    delete: deletion('deletecollection', subject),
  }
}

function objectOperations(subject: Subject): JsonObject {
  const { bodies } = subject
  return {
    get: operation('get', subject, answers(bodies.object, '200')),
    put: writing('put', subject),
    patch: operation('patch', subject, {
      parameters: [...WRITE_PARAMETERS, query('force', 'boolean')],
      requestBody: {
        required: true,
        ...content(bodies.patch, bodies.isBuiltIn ? [...PATCH_TYPES, STRATEGIC] : PATCH_TYPES),
      },
      ...answers(bodies.object, '200', '201'),
    }),
  }
}
