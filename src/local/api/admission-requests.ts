import { apiVersionOf } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { AdmissionOperation, AdmissionRequest } from '../webhooks/admission-request.ts'
import { jsonOf } from './json-of.ts'
import type { WriteContext, WrittenPart } from './write-context.ts'

export interface AdmittedWrite {
  readonly resource: ApiResource
  readonly context: WriteContext
  /** Absent when it is deleted. */
  readonly object?: KubeObject
  /** Absent when it is created. */
  readonly old?: KubeObject
  readonly part?: WrittenPart | undefined
}

const OPTIONS: Readonly<Record<AdmissionOperation, string>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: 'ConnectOptions',
}

/** What webhooks are asked about a write. */
export function admissionRequest(
  operation: AdmissionOperation,
  { resource, context, object, old, part }: AdmittedWrite,
): AdmissionRequest {
  const { group, version, plural, kind } = resource
  const { name = '', namespace = '' } = (object ?? old)?.metadata ?? {}
  return {
    operation,
    resource: { group, version, resource: plural },
    kind: { group, version, kind },
    name,
    namespace,
    ...(part === undefined ? {} : { subresource: part }),
    object: jsonOrNull(object, resource),
    oldObject: jsonOrNull(old, resource),
    dryRun: context.dryRun,
    userInfo: context.user,
    options: {
      kind: OPTIONS[operation],
      apiVersion: 'meta.k8s.io/v1',
      fieldManager: context.manager,
      ...(context.dryRun ? { dryRun: ['All'] } : {}),
    },
  }
}

function jsonOrNull(object: KubeObject | undefined, resource: ApiResource): JsonObject | null {
  if (object === undefined) return null
  return jsonOf({ ...object, apiVersion: apiVersionOf(resource) })
}
