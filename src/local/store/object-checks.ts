import { labelKeyProblems, labelValueProblems } from '../../kube/label-syntax.ts'
import { apiVersionOf, NAMESPACES, type Resource, SERVICES } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { labelProblems, shortNameProblems, subdomainProblems } from '../schema/dns-names.ts'
import { sameResource } from './resource-key.ts'
import { invalid } from './store-errors.ts'

/** Names of roles and bindings may be any path segment: `system:node`. */
const PATH_SEGMENT = /^(?!\.{1,2}$)[^/%]+$/
/** Of all keys and values of an object. */
const MOST_ANNOTATION_BYTES = 256 * 1024

/** What holds for objects of every kind. Throws `KISEKI_INVALID`. */
export function checkObject(resource: Resource, object: KubeObject): void {
  const { name, namespace } = object.metadata
  const refuse = (field: string, problem: string) => invalid(resource, name, field, problem)

  if (object.apiVersion !== apiVersionOf(resource)) {
    throw refuse('apiVersion', `must be "${apiVersionOf(resource)}", not "${object.apiVersion}"`)
  }
  if (object.kind !== resource.kind) throw refuse('kind', `must be "${resource.kind}", not "${object.kind}"`)
  if (name === '') throw refuse('metadata.name', 'Required value: name or generateName is required')
  const [problem] = nameProblems(resource, name)
  if (problem !== undefined) throw refuse('metadata.name', `Invalid value: "${name}": ${problem}`)
  if (resource.namespaced && namespace === undefined) throw refuse('metadata.namespace', 'Required value')
  if (!resource.namespaced && namespace !== undefined) {
    throw refuse('metadata.namespace', 'Forbidden: not allowed on this type')
  }
  checkTexts(resource, object, 'labels')
  checkTexts(resource, object, 'annotations')
}

/** What a patch made of an object, if it is still one. Throws `KISEKI_INVALID`. */
export function parseObject<T extends KubeObject>(resource: Resource<T>, name: string, value: unknown): T {
  const { metadata }: { metadata?: unknown } = typeof value === 'object' && value !== null ? value : {}
  if (typeof metadata !== 'object' || metadata === null)
    throw invalid(resource, name, 'metadata', 'Required value')
  // The rest is what was stored before, or what checkObject and the admission refuse.
  return value as T
}

/** Services are names of DNS by themselves, and namespaces part of them. */
function nameProblems(resource: Resource, name: string): readonly string[] {
  if (sameResource(resource, SERVICES)) return labelProblems(name)
  if (sameResource(resource, NAMESPACES)) return shortNameProblems(name)
  if (resource.group !== 'rbac.authorization.k8s.io') return subdomainProblems(name)
  return PATH_SEGMENT.test(name) ? [] : [`may not be '.' or '..', or contain '/' or '%'`]
}

/** YAML makes numbers and booleans of texts that were meant as such: the commonest mistake in labels. */
function checkTexts(resource: Resource, object: KubeObject, field: 'labels' | 'annotations'): void {
  const texts: Readonly<Record<string, unknown>> = object.metadata[field] ?? {}
  const refuse = (place: string, problem: string) =>
    invalid(resource, object.metadata.name, `metadata.${place}`, problem)
  let bytes = 0
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value !== 'string')
      throw refuse(`${field}.${key}`, `Invalid value: ${value}: must be a text in quotes`)
    const [keyProblem] = labelKeyProblems(field === 'labels' ? key : key.toLowerCase())
    if (keyProblem !== undefined) throw refuse(field, `Invalid value: "${key}": ${keyProblem}`)
    const [valueProblem] = field === 'labels' ? labelValueProblems(value) : []
    if (valueProblem !== undefined) throw refuse(field, `Invalid value: "${value}": ${valueProblem}`)
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
  }
  if (field === 'annotations' && bytes > MOST_ANNOTATION_BYTES)
    throw refuse(field, `Too long: may not be more than ${MOST_ANNOTATION_BYTES} bytes`)
}
