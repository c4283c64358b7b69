import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { ENDPOINTS, SERVICES } from '../../../kube/resources.ts'
import { CLUSTER_DOMAIN } from '../../../mesh/well-known-names.ts'
import type { TracingSpec } from '../../../model/mesh-config.ts'

export interface CollectorPlace {
  readonly address: string
  readonly port: number
}

/** As it would be typed. */
export function collectorUrl({
  address,
  port,
  endpoint,
}: Pick<TracingSpec, 'address' | 'port' | 'endpoint'>): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}${endpoint}`
}

const OUTSIDE = 'outside of the cluster: ACKNOWLEDGED below tells whether it answers'

/** Whether spans can arrive where they are sent, as far as the API tells: a sentence. */
export async function collectorReach(client: KubeClient, { address, port }: CollectorPlace): Promise<string> {
  const place = serviceOf(address)
  if (place === undefined) return OUTSIDE
  const name = `Service ${place.namespace}/${place.name}`
  const service = await unlessAbsent(client.get(SERVICES, place))
  // `name.namespace` alone may as well be a host elsewhere: `example.com`.
  if (service === undefined) return place.isSure ? `unreachable: there is no ${name}` : OUTSIDE
  const ports = service.spec.ports ?? []
  if (!ports.some(candidate => candidate.port === port)) {
    const known = ports.map(candidate => candidate.port).join(', ')
    return `unreachable: ${name} has no port ${port}, but ${known}`
  }
  const endpoints = await unlessAbsent(client.get(ENDPOINTS, place))
  const ready = (endpoints?.subsets ?? []).flatMap(({ addresses = [] }) => addresses).length
  return ready === 0
    ? `unreachable: no pod behind ${name} is ready`
    : `reachable: ${ready} ready behind ${name}`
}

export interface ServicePlace {
  readonly name: string
  readonly namespace: string
  /** It can be nothing else. */
  readonly isSure: boolean
}

/** `name.namespace`, also with `.svc` and the domain of the cluster behind it. */
export function serviceOf(address: string): ServicePlace | undefined {
  const host = address.toLowerCase().replace(/\.$/, '')
  const inside = host.endsWith(`.${CLUSTER_DOMAIN}`) ? host.slice(0, -CLUSTER_DOMAIN.length - 1) : host
  const [name, namespace, svc, ...more] = inside.split('.')
  if (name === undefined || namespace === undefined || more.length > 0) return undefined
  if (svc !== undefined && svc !== 'svc') return undefined
  return { name, namespace, isSure: svc === 'svc' }
}
