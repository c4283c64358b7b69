import { nameOf } from '../../../../kube/apply.ts'
import { unlessAbsent } from '../../../../kube/kube-errors.ts'
import { PODS, SERVICES } from '../../../../kube/resources.ts'
import { takesHttp1 } from '../../../../mesh/compile/protocol.ts'
import { SIDECAR_ADMIN_PORT, SIDECAR_CONTAINER } from '../../../../mesh/well-known-names.ts'
import { messageOf } from '../../../../model/errors.ts'
import { isJsonObject } from '../../../../model/json.ts'
import type { Service } from '../../../../model/kubernetes.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { Cluster } from '../../cluster.ts'
import { listMeshes, namespacesOf } from '../../meshes.ts'
import { getJson } from '../../pod-json.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>

export interface ServiceName {
  readonly namespace: string
  readonly name: string
  /** Absent: its first one that speaks HTTP. */
  readonly port?: number
}

const NAME = /^([a-z0-9-]+)\/([a-z0-9-]+)(?::(\d{1,5}))?$/

/** Reads `NAMESPACE/NAME` or `NAMESPACE/NAME:PORT`. */
export function parseServiceName(text: string): ServiceName | undefined {
  const [, namespace, name, port] = NAME.exec(text) ?? []
  if (namespace === undefined || name === undefined) return undefined
  return { namespace, name, ...(port === undefined ? {} : { port: Number(port) }) }
}

/** A pod behind a Service that takes requests, and whose sidecar knows without being told which port is meant. */
export interface ServiceTarget {
  readonly service: ServiceName
  readonly pod: Pod
}

/** Why none can be taken. */
export type ServiceChoice = ServiceTarget | { readonly problem: string }

/** The pod of the Service that is named. */
export async function targetOf(cluster: Connection, name: ServiceName): Promise<ServiceChoice> {
  const { namespace } = name
  const service = await unlessAbsent(cluster.client.get(SERVICES, { namespace, name: name.name }))
  if (service === undefined) return { problem: `there is no Service ${namespace}/${name.name}` }
  return targetBehind(cluster, service, name.port)
}

/** More would take long, and mostly fail for the same reason. */
const MOST_TRIED = 20

/** The first Service of the mesh, by namespace and name, that will do. */
export async function chooseTarget(cluster: Connection, meshNamespace: string): Promise<ServiceChoice> {
  const { client } = cluster
  const mesh = (await listMeshes(client)).find(({ namespace }) => namespace === meshNamespace)
  if (mesh === undefined) return { problem: `no mesh is installed in namespace ${meshNamespace}` }
  const namespaces = await namespacesOf(client, mesh.name)
  const lists = await Promise.all(namespaces.map(namespace => client.list(SERVICES, { namespace })))
  const services = lists.flatMap(({ items }) => [...items].sort(byName)).slice(0, MOST_TRIED)
  const problems: string[] = []
  for (const service of services) {
    const choice = await targetBehind(cluster, service, undefined)
    if (!('problem' in choice)) return choice
    problems.push(choice.problem)
  }
  return { problem: problems.join('\n') || `no namespace of mesh ${mesh.name} has a Service` }
}

function byName(a: Service, b: Service): number {
  return a.metadata.name < b.metadata.name ? -1 : 1
}

async function targetBehind(
  { client, pods }: Connection,
  { metadata, spec }: Service,
  wanted: number | undefined,
): Promise<ServiceChoice> {
  const { name, namespace = '' } = metadata
  const title = `Service ${namespace}/${name}`
  const { selector, ports = [] } = spec
  const port = ports.find(each => (wanted === undefined ? takesHttp1(each) : each.port === wanted))
  if (port === undefined)
    return { problem: wanted === undefined ? `${title} speaks no HTTP` : `${title} has no port ${wanted}` }
  if (selector === undefined) return { problem: `${title} selects no pods` }
  const { items } = await client.list(PODS, { namespace, labels: selector })
  const [pod] = items.filter(isReady)
  if (pod === undefined) return { problem: `no pod behind ${title} is ready` }
  if (!pod.spec.containers.some(container => container.name === SIDECAR_CONTAINER))
    return { problem: `pod ${pod.metadata.name} behind ${title} has no sidecar` }
  const inbound = await inboundPorts({ pods }, pod)
  if (typeof inbound === 'string') return { problem: inbound }
  if (inbound.length !== 1)
    return {
      problem: `pod ${pod.metadata.name} behind ${title} takes requests on ${inbound.length} ports (${inbound.join(', ')}): from outside its sidecar cannot tell which is meant`,
    }
  return { service: { namespace, name, port: port.port }, pod }
}

function isReady({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True')
  return ready === true && metadata.deletionTimestamp === undefined
}

/** Container ports, by the tables that the sidecar uses. A text says why they are not known. */
async function inboundPorts({ pods }: Pick<Cluster, 'pods'>, pod: Pod): Promise<readonly string[] | string> {
  const place = { port: SIDECAR_ADMIN_PORT, path: '/config_dump' }
  try {
    const dump = await getJson(pods, nameOf(pod), place)
    const config = isJsonObject(dump) ? dump['sidecar_config'] : undefined
    const inbound = isJsonObject(config) ? config['inbound'] : undefined
    const ports = isJsonObject(inbound) ? inbound['ports'] : undefined
    return isJsonObject(ports)
      ? Object.keys(ports)
      : `the sidecar of pod ${pod.metadata.name} is not configured yet`
  } catch (error) {
    return `the sidecar of pod ${pod.metadata.name} does not answer: ${messageOf(error)}`
  }
}
