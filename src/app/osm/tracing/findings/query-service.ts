import { createQueryClient, type QueryServiceClient } from '../../../../client/query-client.ts'
import { nameOf } from '../../../../kube/apply.ts'
import type { KubeClient, ObjectName } from '../../../../kube/client.ts'
import { unlessAbsent } from '../../../../kube/kube-errors.ts'
import type { KubePods } from '../../../../kube/pods.ts'
import { PODS, SERVICES } from '../../../../kube/resources.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { Cluster } from '../../cluster.ts'
import { serviceOf } from '../collector-reach.ts'

export interface QueryPlace {
  /** Of `--query-url`: asked directly. */
  readonly queryUrl?: string
  readonly meshNamespace: string
  /** Where spans go: what stores them mostly answers questions, too. */
  readonly collector: string
}

export interface QueryService {
  readonly client: QueryServiceClient
  /** For people. */
  readonly place: string
}

const QUERY_SERVICE = 'jaeger-query'
/** Of Jaeger's query service (jaegertracing.io/docs/1.76/deployment). */
const QUERY_PORT = 16_686

/** Where traces can be asked for, through the Kubernetes API where no URL is given. Undefined: nowhere that is known. */
export async function findQueryService(
  { client, pods }: Pick<Cluster, 'client' | 'pods'>,
  { queryUrl, meshNamespace, collector }: QueryPlace,
): Promise<QueryService | undefined> {
  if (queryUrl !== undefined) return { client: createQueryClient({ baseUrl: queryUrl }), place: queryUrl }
  const service = serviceOf(collector)
  const candidates: readonly ObjectName[] = [
    { name: QUERY_SERVICE, namespace: meshNamespace },
    ...(service === undefined ? [] : [{ name: QUERY_SERVICE, namespace: service.namespace }, service]),
  ]
  for (const { name, namespace } of candidates) {
    const found = await podBehind(client, { name, ...(namespace === undefined ? {} : { namespace }) })
    if (found !== undefined) return throughApi(pods, found, `${namespace}/${name}`)
  }
  return undefined
}

interface PodPort {
  readonly pod: Pod
  readonly port: number
}

async function podBehind(client: KubeClient, name: ObjectName): Promise<PodPort | undefined> {
  const service = await unlessAbsent(client.get(SERVICES, name))
  const { selector, ports = [] } = service?.spec ?? {}
  const { namespace } = name
  if (selector === undefined || namespace === undefined) return undefined
  const { items } = await client.list(PODS, { namespace, labels: selector })
  const pod = items.find(({ status }) =>
    status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True'),
  )
  const target = name.name === QUERY_SERVICE ? (ports[0]?.targetPort ?? ports[0]?.port) : undefined
  return pod && { pod, port: typeof target === 'number' ? target : QUERY_PORT }
}

function throughApi(pods: KubePods, { pod, port }: PodPort, service: string): QueryService {
  const { name, namespace = '' } = pod.metadata
  return {
    place: `Service ${service}`,
    client: createQueryClient({
      baseUrl: `http://${name}.${namespace}:${port}`,
      async fetch(url, { signal }) {
        const path = `${url.pathname}${url.search}`
        const answer = await pods.podRequest(nameOf(pod), port, { path, ...(signal ? { signal } : {}) })
        return new Response(new TextDecoder().decode(answer.body), { status: answer.status })
      },
    }),
  }
}
