import type { JsonObject } from '../../../model/json.ts'
import type { AdmissionRequest } from '../admission-request.ts'

/** The creation of a pod in the namespace `shop`. */
export function podRequest(pod: { readonly name: string; readonly object?: JsonObject }): AdmissionRequest {
  const { name } = pod
  const object = pod.object ?? {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { containers: [{ name, image: 'test' }] },
  }
  return {
    operation: 'CREATE',
    resource: { group: '', version: 'v1', resource: 'pods' },
    kind: { group: '', version: 'v1', kind: 'Pod' },
    name,
    namespace: 'shop',
    object,
    oldObject: null,
    dryRun: false,
    userInfo: { username: 'somebody', groups: ['system:authenticated'] },
    options: { apiVersion: 'meta.k8s.io/v1', kind: 'CreateOptions' },
  }
}
