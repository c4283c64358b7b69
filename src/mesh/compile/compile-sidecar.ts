import type { Pod } from '../../model/kubernetes-pod.ts'
import type { OutboundConfig, SidecarConfig, SidecarIdentity } from '../../model/sidecar-config.ts'
import { compilePolicies } from '../policy/mesh-policies.ts'
import { workloadOf } from '../workload.ts'
import { compileInbound } from './inbound.ts'
import { meshServices } from './mesh-services.ts'
import type { MeshSnapshot } from './mesh-snapshot.ts'
import { compileOutbound, hostTable } from './outbound.ts'
import { podSockets } from './pod-sockets.ts'
import { contentRevision, type Hash, hashOf } from './revision.ts'
import { compileTracing } from './tracing.ts'

/** Undefined: the pod is not known, or has no address yet. */
export type SidecarCompiler = (podUid: string) => SidecarConfig | undefined

/** Looks everything up once, so that many sidecars of one snapshot are compiled cheaply. */
export function createSidecarCompiler(snapshot: MeshSnapshot): SidecarCompiler {
  const { meshConfig, meshNamespace } = snapshot
  const pods = new Map(snapshot.pods.map(pod => [pod.metadata.uid, pod]))
  const services = meshServices(snapshot)
  const hosts = hostTable(services)
  const policies = compilePolicies(snapshot)
  const outbounds = new Map<string, HashedOutbound>()

  /** The same for all pods of a namespace, but for those whose account has policies of its own. */
  function outboundOf(namespace: string, account: string): HashedOutbound {
    const key = policies.isSpecial(account) ? account : namespace
    const known = outbounds.get(key)
    if (known !== undefined) return known
    const outbound = compileOutbound(hosts, namespace, {
      egress: meshConfig.traffic.enableEgress,
      permissive: meshConfig.traffic.enablePermissiveTrafficPolicyMode,
      settingsOf: service => policies.settingsOf(service, account),
    })
    const hashed = { outbound, hash: hashOf(outbound) }
    outbounds.set(key, hashed)
    return hashed
  }

  return podUid => {
    const pod = pods.get(podUid)
    const sockets = pod === undefined ? undefined : podSockets(pod)
    if (pod === undefined || sockets === undefined) return undefined
    const namespace = pod.metadata.namespace ?? 'default'
    const tracing = compileTracing(meshConfig.observability.tracing, { meshNamespace, namespace, hosts })
    const identity = identityOf(pod, snapshot.meshName, sockets.address)
    const { outbound, hash } = outboundOf(namespace, `${namespace}/${identity.serviceAccount}`)
    const { queryStrings } = meshConfig.observability.tracing
    const content = {
      identity,
      inbound: compileInbound(pod, sockets, services),
      outbound,
      ...(tracing === undefined ? {} : { tracing }),
      ...(meshConfig.observability.accessLog.enable ? { accessLog: { queryStrings } } : {}),
      timeoutMillis: meshConfig.sidecar.sidecarTimeout * 1000,
    }
    return { revision: contentRevision(content, hash), ...content }
  }
}

interface HashedOutbound {
  readonly outbound: OutboundConfig
  readonly hash: Hash
}

/** The SidecarConfig of one pod. */
export function compileSidecar(snapshot: MeshSnapshot, podUid: string): SidecarConfig | undefined {
  return createSidecarCompiler(snapshot)(podUid)
}

function identityOf(pod: Pod, mesh: string, address: string): SidecarIdentity {
  return {
    mesh,
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    podUid: pod.metadata.uid ?? '',
    workload: workloadOf(pod).name,
    serviceAccount: pod.spec.serviceAccountName ?? 'default',
    address,
  }
}
