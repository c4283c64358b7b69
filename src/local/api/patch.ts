import { KubeFailure } from '../../kube/kube-failure.ts'
import { mergePatch } from '../../kube/merge-patch.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { strategicMerge } from '../patch/strategic-merge.ts'
import type { ApiResource } from '../registry/api-resource.ts'

/** kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
export type Patch =
  | { readonly type: 'json'; readonly operations: Json }
  | { readonly type: 'merge' | 'strategic'; readonly body: JsonObject }
  /** Server-side apply: `force` takes fields over that others own. */
  | { readonly type: 'apply'; readonly body: JsonObject; readonly force: boolean }

export type ApplyPatch = Extract<Patch, { readonly type: 'apply' }>
export type PlainPatch = Exclude<Patch, ApplyPatch>

/** What a patch makes of an object. Throws `BadRequest`, or `UnsupportedMediaType` for a strategic merge of custom kinds. */
export function patched(resource: ApiResource, object: JsonObject, patch: PlainPatch): JsonObject {
  if (patch.type === 'json') return objectOf(applyJsonPatch(object, patch.operations))
  if (patch.type === 'merge') return objectOf(mergePatch(object, patch.body))
  if (resource.custom !== undefined)
    throw new KubeFailure(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: ' +
        'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    )
  return strategicMerge(object, patch.body)
}

function objectOf(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new KubeFailure('BadRequest', 'the patch leaves no object')
}
