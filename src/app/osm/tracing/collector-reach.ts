import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { ENDPOINTS, SERVICES } from '../../../kube/resources.ts'
import { CLUSTER_DOMAIN } from '../../../mesh/well-known-names.ts'

export interface CollectorPlace {
  readonly address: string
  readonly port: number
}

/** Whether spans can arrive where they are sent, as far as the API tells: a sentence. */
export async function collectorReach(client: KubeClient, { address, port }: CollectorPlace): Promise<string> {
  const place = serviceOf(address)
  if (place === undefined) return 'outside of the cluster: ACKNOWLEDGED below tells whether it answers'
  const name = `Service ${place.namespace}/${place.name}`
  const service = await unlessAbsent(client.get(SERVICES, place))
  if (service === undefined) return `unreachable: there is no ${name}`
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

/** `name.namespace`, also with `.svc` and the domain of the cluster behind it. */
function serviceOf(address: string): { readonly name: string; readonly namespace: string } | undefined {
  const host = address.toLowerCase().replace(/\.$/, '')
  const inside = host.endsWith(`.svc.${CLUSTER_DOMAIN}`)
    ? host.slice(0, -`.svc.${CLUSTER_DOMAIN}`.length)
    : host.replace(/\.svc$/, '')
  const [name, namespace, ...more] = inside.split('.')
  if (name === undefined || namespace === undefined || more.length > 0 || /^\d+$/.test(name)) return undefined
  return { name, namespace }
}
