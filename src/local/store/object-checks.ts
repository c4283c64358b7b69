import { apiVersionOf, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { invalid } from './store-errors.ts'

/** RFC 1123 subdomain, as kubernetes.io/docs/concepts/overview/working-with-objects/names has it. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
/** Names of roles and bindings may be any path segment: `system:node`. */
const PATH_SEGMENT = /^[^/%]+$/
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

/** What holds for objects of every kind. Throws `KISEKI_INVALID`. */
export function checkObject(resource: Resource, object: KubeObject): void {
  const { name, namespace } = object.metadata
  const refuse = (field: string, problem: string) => invalid(resource, name, field, problem)

  if (object.apiVersion !== apiVersionOf(resource)) {
    throw refuse('apiVersion', `must be "${apiVersionOf(resource)}", not "${object.apiVersion}"`)
  }
  if (object.kind !== resource.kind) throw refuse('kind', `must be "${resource.kind}", not "${object.kind}"`)
  const allowed = resource.group === 'rbac.authorization.k8s.io' ? PATH_SEGMENT : NAME
  if (name.length > 253 || !allowed.test(name)) {
    throw refuse('metadata.name', `Invalid value: "${name}": must be an RFC 1123 subdomain, as "my-name"`)
  }
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

/** YAML makes numbers and booleans of texts that were meant as such: the commonest mistake in labels. */
function checkTexts(resource: Resource, object: KubeObject, field: 'labels' | 'annotations'): void {
  const texts: Readonly<Record<string, unknown>> = object.metadata[field] ?? {}
  for (const [key, value] of Object.entries(texts)) {
    const place = `metadata.${field}.${key}`
    if (typeof value !== 'string') {
      throw invalid(
        resource,
        object.metadata.name,
        place,
        `Invalid value: ${value}: must be a text in quotes`,
      )
    }
    if (field === 'labels' && (value.length > 63 || !LABEL_VALUE.test(value))) {
      throw invalid(resource, object.metadata.name, place, `Invalid value: "${value}": is no label value`)
    }
  }
}
