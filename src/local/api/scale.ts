import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource, ScalePaths } from '../registry/api-resource.ts'
import { invalidObject } from '../store/store-errors.ts'
import { valueAt } from './value-at.ts'

/** autoscaling/v1 `Scale` of an object: how many replicas there shall be, and are. */
export function scaleOf(object: KubeObject, paths: ScalePaths): JsonObject & KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const metadata = JSON.parse(JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp }))
  const selector = selectorText(object, paths)
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata,
    spec: { replicas: numberAt(object, paths.specReplicas) },
    status: {
      replicas: numberAt(object, paths.statusReplicas),
      ...(selector === '' ? {} : { selector }),
    },
  }
}

/** A merge patch of the object that gives it the replicas of the `Scale`. */
export function patchFromScale(
  resource: ApiResource,
  name: string,
  scale: Json,
  paths: ScalePaths,
): JsonObject {
  const spec = isJsonObject(scale) ? scale['spec'] : undefined
  const replicas = (isJsonObject(spec) ? spec['replicas'] : undefined) ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw new KubeFailure(
      'BadRequest',
      'json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32',
    )
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
    const cause = { field: 'spec.replicas', message, reason: 'FieldValueInvalid' }
    throw invalidObject({ group: 'autoscaling', kind: 'Scale' }, name || resource.kind, [cause])
  }
  const resourceVersion = isJsonObject(scale) && valueAt(scale, ['metadata', 'resourceVersion'])
  return {
    ...nested(paths.specReplicas, replicas),
    ...(typeof resourceVersion === 'string' ? { metadata: { resourceVersion } } : {}),
  }
}

function nested(path: readonly string[], value: Json): JsonObject {
  const [first = '', ...rest] = path
  return { [first]: rest.length === 0 ? value : nested(rest, value) }
}

function numberAt(object: KubeObject, path: readonly string[]): number {
  const value = valueAt(object, path)
  return typeof value === 'number' ? value : 0
}

function selectorText(object: KubeObject, { selector }: ScalePaths): string {
  if (selector !== undefined) {
    const text = valueAt(object, selector)
    return typeof text === 'string' ? text : ''
  }
  const labels = valueAt(object, ['spec', 'selector', 'matchLabels'])
  if (typeof labels !== 'object' || labels === null) return ''
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}
