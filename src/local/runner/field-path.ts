import type { Pod } from '../../model/kubernetes-pod.ts'

const KEYED = /^metadata\.(labels|annotations)\['([^']+)'\]$/
const HOST_IP = '127.0.0.1'

/**
 * The value of a `fieldRef` (kubernetes.io/docs/concepts/workloads/pods/downward-api). Undefined where the path
 * means nothing; empty where the pod has no such label or annotation.
 */
export function fieldValue(pod: Pod, podIP: string, path: string): string | undefined {
  const keyed = KEYED.exec(path)
  if (keyed !== null) {
    const [, field, key = ''] = keyed
    const texts = field === 'labels' ? pod.metadata.labels : pod.metadata.annotations
    return texts?.[key] ?? ''
  }
  const { name, namespace, uid } = pod.metadata
  const values: Readonly<Record<string, string | undefined>> = {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.uid': uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName ?? 'default',
    'status.podIP': podIP,
    'status.podIPs': podIP,
    'status.hostIP': HOST_IP,
    'status.hostIPs': HOST_IP,
  }
  return values[path]
}
