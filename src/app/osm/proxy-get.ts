import { nameOf } from '../../kube/apply.ts'
import type { ObjectName } from '../../kube/client.ts'
import { unlessAbsent } from '../../kube/kube-errors.ts'
import type { PodAnswer } from '../../kube/pods.ts'
import { PODS } from '../../kube/resources.ts'
import { PROXY_UUID_LABEL, SIDECAR_ADMIN_PORT } from '../../mesh/well-known-names.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Cluster } from './cluster.ts'
import { failure } from './failure.ts'

/** What a sidecar answers to. */
export const PROXY_QUERIES: readonly string[] = [
  'config_dump',
  'certs',
  'clusters',
  'listeners',
  'ready',
  'stats',
  'tracing',
]

const TIMEOUT_MILLIS = 15_000
/** What could not stand in the first line of a request. */
const PRINTABLE = /^[!-~]+$/

/** `osm proxy get`: what the sidecar of a pod answers to a query, byte by byte. */
export async function getFromProxy(
  cluster: Pick<Cluster, 'client' | 'pods'>,
  query: string,
  name: ObjectName,
): Promise<Uint8Array> {
  if (!PRINTABLE.test(query)) throw unknownQuery(query)
  const pod = await meshedPod(cluster, name)
  const { status, body } = await ask(cluster, pod, query)
  if (status === 404) throw unknownQuery(query)
  // "Not ready" is an answer, and worth to be seen.
  if (status >= 400 && status !== 503) {
    const text = new TextDecoder().decode(body).trim()
    throw new KisekiError('KISEKI_API_FAILED', `${failed(name)}: it answered ${status}: ${text}`)
  }
  return body
}

function ask(cluster: Pick<Cluster, 'pods'>, pod: Pod, query: string): Promise<PodAnswer> {
  const path = `/${query.replace(/^\/+/, '')}`
  return cluster.pods
    .podRequest(nameOf(pod), SIDECAR_ADMIN_PORT, { method: 'GET', path, timeoutMillis: TIMEOUT_MILLIS })
    .catch((error: unknown) => failure(failed(nameOf(pod)), error))
}

async function meshedPod(cluster: Pick<Cluster, 'client'>, name: ObjectName): Promise<Pod> {
  const where = `${name.name} in namespace ${name.namespace}`
  const pod = await unlessAbsent(cluster.client.get(PODS, name))
  if (pod === undefined) {
    throw new KisekiError('KISEKI_NOT_FOUND', `Could not find pod ${where}`, {
      remedy: 'See `kubectl get pods`; -n names another namespace.',
    })
  }
  if (pod.metadata.labels?.[PROXY_UUID_LABEL] === undefined) {
    throw new KisekiError('KISEKI_CONFLICT', `Pod ${where} is not a part of a mesh`, {
      remedy: 'Add its namespace (`osm namespace add`), then have the pod made anew.',
    })
  }
  if (pod.status?.phase !== 'Running') {
    throw new KisekiError('KISEKI_CONFLICT', `Pod ${where} is not running`, {
      remedy: 'See `kubectl describe pod` for the reason.',
    })
  }
  return pod
}

function failed({ name, namespace }: ObjectName): string {
  return `Error retrieving proxy config for pod ${name} in namespace ${namespace}`
}

function unknownQuery(query: string): KisekiError {
  return new KisekiError('KISEKI_NOT_FOUND', `the sidecar knows no query ${JSON.stringify(query)}`, {
    remedy: `It knows: ${PROXY_QUERIES.join(', ')}.`,
  })
}
