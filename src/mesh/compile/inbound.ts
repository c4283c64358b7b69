import type { ContainerPort, Pod } from '../../model/kubernetes-pod.ts'
import type { InboundConfig, InboundPort } from '../../model/sidecar-config.ts'
import { SIDECAR_CONTAINER } from '../well-known-names.ts'
import { workloadOf } from '../workload.ts'
import type { MeshPort, MeshService } from './mesh-services.ts'
import type { PodSockets } from './pod-sockets.ts'
import { protocolOf } from './protocol.ts'
import { byText } from './text-order.ts'

/**
 * The ports that the pod's apps declare, and those that Services lead to without that. Where several Services
 * lead to one port, the one with the narrowest selector names it: it says most about who answers.
 */
export function compileInbound(
  pod: Pod,
  sockets: PodSockets,
  services: readonly MeshService[],
): InboundConfig {
  const declared = appPorts(pod)
  const ports = new Map<number, InboundPort>()
  for (const service of servicesOf(pod, sockets, services)) {
    for (const port of service.ports) {
      const number = targetIn(declared, port)
      if (ports.has(number)) continue
      const cluster = `${service.namespace}/${service.name}|${number}|local`
      ports.set(number, { protocol: port.protocol, target: sockets.inside(number), cluster })
    }
  }
  for (const port of declared) {
    const number = port.containerPort
    if (ports.has(number)) continue
    const cluster = `${pod.metadata.namespace ?? 'default'}/${workloadOf(pod).name}|${number}|local`
    ports.set(number, { protocol: protocolOf(port), target: sockets.inside(number), cluster })
  }
  return { ports: Object.fromEntries([...ports].sort(([a], [b]) => a - b)) }
}

function appPorts(pod: Pod): readonly ContainerPort[] {
  return pod.spec.containers
    .filter(container => container.name !== SIDECAR_CONTAINER)
    .flatMap(container => container.ports ?? [])
    .filter(port => (port.protocol ?? 'TCP') === 'TCP')
}

/** Readiness means nothing here: a pod is configured before it is ready. */
function servicesOf(pod: Pod, sockets: PodSockets, services: readonly MeshService[]): readonly MeshService[] {
  const size = (service: MeshService) => Object.keys(service.selector).length
  return services
    .filter(service => service.namespace === (pod.metadata.namespace ?? 'default'))
    .filter(service => (size(service) > 0 ? selects(service, pod) : leadsTo(service, sockets.address)))
    .sort((a, b) => size(b) - size(a) || byText(a.name, b.name))
}

function selects(service: MeshService, pod: Pod): boolean {
  return Object.entries(service.selector).every(([label, value]) => pod.metadata.labels?.[label] === value)
}

function leadsTo(service: MeshService, address: string): boolean {
  return service.ports.some(port => port.backends.some(({ endpoint }) => endpoint.address === address))
}

function targetIn(declared: readonly ContainerPort[], { written, target }: MeshPort): number {
  if (typeof written.targetPort !== 'string') return target
  return declared.find(port => port.name === written.targetPort)?.containerPort ?? target
}
