import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeClient } from '../../kube/client.ts'
import { unlessAbsent } from '../../kube/kube-errors.ts'
import { type Resource, SERVICES } from '../../kube/resources.ts'
import type {
  EndpointAddress,
  EndpointSlice,
  EndpointSubset,
  Service,
  SliceEndpoint,
} from '../../model/kubernetes.ts'
import { NODE_NAME } from '../admission/pod-admission.ts'
import { ownerReferenceTo } from './ownership.ts'

export const ENDPOINT_SLICES: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
}

const SERVICE_LABEL = 'kubernetes.io/service-name'
const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by'
const MANAGER = 'endpointslice-controller.k8s.io'

/** One slice for each subset (kubernetes.io/docs/concepts/services-networking/endpoint-slices). */
export async function writeSlices(
  client: KubeClient,
  service: Service,
  subsets: readonly EndpointSubset[],
): Promise<void> {
  const { namespace = '', name } = service.metadata
  const wanted = subsets.map(subset => sliceOf(service, subset))
  const present = await slicesOf(client, { namespace, name })
  for (const slice of wanted) {
    const found = present.find(({ metadata }) => metadata.name === slice.metadata.name)
    if (found === undefined) await client.create(ENDPOINT_SLICES, slice)
    else if (!isDeepStrictEqual(found.endpoints, slice.endpoints))
      await client.patch(ENDPOINT_SLICES, found.metadata, { endpoints: slice.endpoints })
  }
  const names = new Set(wanted.map(({ metadata }) => metadata.name))
  for (const { metadata } of present)
    if (!names.has(metadata.name)) await unlessAbsent(client.remove(ENDPOINT_SLICES, metadata))
}

export async function removeSlices(
  client: KubeClient,
  service: { readonly namespace: string; readonly name: string },
): Promise<void> {
  for (const { metadata } of await slicesOf(client, service))
    await unlessAbsent(client.remove(ENDPOINT_SLICES, metadata))
}

/** Those that others have made for a Service are theirs. */
async function slicesOf(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly EndpointSlice[]> {
  const labels = { [SERVICE_LABEL]: name, [MANAGED_BY_LABEL]: MANAGER }
  return (await client.list(ENDPOINT_SLICES, { namespace, labels })).items
}

function sliceOf(service: Service, subset: EndpointSubset): EndpointSlice {
  const { name, namespace = '', labels } = service.metadata
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset
  // The same ports have the same name: a slice lives as long as its ports.
  const digest = createHash('sha256').update(JSON.stringify(ports)).digest('hex').slice(0, 5)
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${digest}`,
      namespace,
      labels: { ...labels, [SERVICE_LABEL]: name, [MANAGED_BY_LABEL]: MANAGER },
      ownerReferences: [ownerReferenceTo(SERVICES, service)],
    },
    addressType: 'IPv4',
    endpoints: [
      ...addresses.map(address => endpointOf(address, true)),
      ...notReadyAddresses.map(address => endpointOf(address, false)),
    ],
    ports,
  }
}

function endpointOf({ ip, targetRef }: EndpointAddress, ready: boolean): SliceEndpoint {
  return {
    addresses: [ip],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: NODE_NAME,
    ...(targetRef === undefined ? {} : { targetRef }),
  }
}
