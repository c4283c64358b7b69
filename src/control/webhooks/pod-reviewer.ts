import { KisekiError } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Namespace } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Refusal, Verdict } from './admission-review.ts'
import type { Reviewer } from './webhook-server.ts'

export interface PodReviewerOptions {
  /** Undefined: there is none of that name. */
  readonly namespace: (name: string) => Promise<Namespace | undefined>
  /** Pure. The pod as it is to be created; a `KisekiError` refuses it. */
  readonly review: (pod: Pod, namespace: Namespace) => Pod
}

/** Has pods changed or refused as they are created. All else passes as it came. */
export function podReviewer(options: PodReviewerOptions): Reviewer {
  return async ({ operation, kind, namespace: name, object }): Promise<Verdict> => {
    if (operation !== 'CREATE' || kind.kind !== 'Pod' || kind.group !== '') return { allowed: true }
    const pod = readPod(object)
    if (pod === undefined)
      return refused({ code: 400, reason: 'BadRequest', message: 'the object is no Pod' })
    const namespace = await options.namespace(name)
    if (namespace === undefined) {
      const message = `namespaces ${JSON.stringify(name)} not found`
      return refused({ code: 404, reason: 'NotFound', message, details: { name, kind: 'namespaces' } })
    }
    try {
      return { allowed: true, object: asJson(options.review(pod, namespace)) }
    } catch (error) {
      if (!(error instanceof KisekiError)) throw error
      return refused({ code: 403, reason: 'Forbidden', message: `${error.message}. ${error.remedy}` })
    }
  }
}

function refused(status: Refusal): Verdict {
  return { allowed: false, status }
}

/** Checks as much as the review of a pod relies on; the API server has seen to the rest. */
function readPod(object: JsonObject | null): Pod | undefined {
  const { metadata, spec } = object ?? {}
  if (!isJsonObject(metadata) || !isJsonObject(spec)) return undefined
  const { containers } = spec
  if (!Array.isArray(containers) || !containers.every(isJsonObject)) return undefined
  const { ownerReferences = [], labels = {}, annotations = {} } = metadata
  if (!Array.isArray(ownerReferences) || !ownerReferences.every(isOwner)) return undefined
  if (!isTexts(labels) || !isTexts(annotations)) return undefined
  // What is left open is not read.
  return object as unknown as Pod
}

function isOwner(value: Json): boolean {
  return isJsonObject(value) && typeof value['kind'] === 'string' && typeof value['name'] === 'string'
}

function isTexts(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every(text => typeof text === 'string')
}

/** It came as JSON, and what was added to it is JSON. */
function asJson(pod: Pod): JsonObject {
  return pod as unknown as JsonObject
}
