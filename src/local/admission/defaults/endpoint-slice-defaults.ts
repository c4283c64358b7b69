import type { EndpointSlice } from '../../../model/kubernetes-cluster.ts'

/** What kube-apiserver writes into an EndpointSlice: clients read the name of a port without asking for it. */
export function withEndpointSliceDefaults(slice: EndpointSlice): EndpointSlice {
  const { ports } = slice
  if (ports === undefined) return slice
  return {
    ...slice,
    ports: ports.map(port => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' })),
  }
}
