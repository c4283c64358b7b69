import type { JsonObject } from '../../model/json.ts'

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

export interface UserInfo {
  readonly username: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** What somebody wants to do to an object, as webhooks get to see it (admission.k8s.io/v1 `AdmissionRequest`). */
export interface AdmissionRequest {
  readonly operation: AdmissionOperation
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  /** `status`, `exec` … */
  readonly subresource?: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  /** Empty: it is yet to be made of `generateName`. */
  readonly name: string
  /** Empty for what has no namespace. Of a Namespace: its own name, or empty. */
  readonly namespace: string
  /** Null when something is deleted. Of CONNECT: the options (`PodExecOptions` …). */
  readonly object: JsonObject | null
  /** Null when something is created. */
  readonly oldObject: JsonObject | null
  readonly dryRun: boolean
  readonly userInfo: UserInfo
  /** `CreateOptions`, `UpdateOptions` … with their `apiVersion` and `kind`. */
  readonly options: JsonObject | null
}

export const REVIEW_VERSION = 'v1'
export const REVIEW_API_VERSION = 'admission.k8s.io/v1'

/** The body that a webhook is sent. */
export function admissionReview(request: AdmissionRequest, uid: string): object {
  const { kind, resource, subresource, name, namespace } = request
  return {
    kind: 'AdmissionReview',
    apiVersion: REVIEW_API_VERSION,
    request: {
      uid,
      kind,
      resource,
      ...(subresource && { subResource: subresource }),
      requestKind: kind,
      requestResource: resource,
      ...(subresource && { requestSubResource: subresource }),
      ...(name && { name }),
      ...(namespace && { namespace }),
      operation: request.operation,
      userInfo: request.userInfo,
      object: request.object,
      oldObject: request.oldObject,
      dryRun: request.dryRun,
      options: request.options,
    },
  }
}
