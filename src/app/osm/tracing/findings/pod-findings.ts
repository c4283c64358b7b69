import type { KubeClient, ObjectName } from '../../../../kube/client.ts'
import { unlessAbsent } from '../../../../kube/kube-errors.ts'
import { NAMESPACES, PODS } from '../../../../kube/resources.ts'
import { shouldInject } from '../../../../mesh/inject/injection-decision.ts'
import { MONITORED_BY_LABEL, SIDECAR_CONTAINER } from '../../../../mesh/well-known-names.ts'
import { workloadOf } from '../../../../mesh/workload.ts'
import type { Namespace } from '../../../../model/kubernetes.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import { listMeshes } from '../../meshes.ts'
import { type Findings, no, yes } from './finding.ts'

export interface PodQuestion extends ObjectName {
  readonly namespace: string
  readonly meshNamespace: string
}

const RUNS = 'the pod runs'
const IN_MESH = 'its namespace belongs to the mesh'
const INJECTED = 'it has a sidecar'

/** Whether the pod is one whose requests can be traced. At the end: the pod. */
export async function* podFindings(client: KubeClient, question: PodQuestion): Findings<Pod> {
  const { name, namespace } = question
  const pod = await unlessAbsent(client.get(PODS, { name, namespace }))
  const see = `See kubectl get pods -n ${namespace}; -n names another namespace.`
  if (pod === undefined) {
    yield no(RUNS, `there is no pod ${name} in namespace ${namespace}`, see)
    return undefined
  }
  const phase = pod.status?.phase ?? 'not yet on a node'
  if (phase !== 'Running') {
    yield no(RUNS, `it is ${phase}`, `See kubectl describe pod ${name} -n ${namespace}`)
    return undefined
  }
  yield yes(RUNS, `${namespace}/${name} at ${pod.status?.podIP ?? 'no address'}`)
  return yield* meshFindings(client, question, pod)
}

async function* meshFindings(
  client: KubeClient,
  { namespace, meshNamespace }: PodQuestion,
  pod: Pod,
): Findings<Pod> {
  const meshes = await listMeshes(client)
  const mesh = meshes.find(each => each.namespace === meshNamespace)
  if (mesh === undefined) {
    yield no(
      IN_MESH,
      `no mesh is installed in namespace ${meshNamespace}`,
      'See osm mesh list; --osm-namespace names the one you mean.',
    )
    return undefined
  }
  const of = await client.get(NAMESPACES, { name: namespace })
  const owner = of.metadata.labels?.[MONITORED_BY_LABEL]
  if (owner !== mesh.name) {
    const detail =
      owner === undefined ? `${namespace} belongs to none` : `${namespace} belongs to mesh ${owner}`
    yield no(IN_MESH, detail, `Add it: osm namespace add ${namespace}; then have the pod made anew.`)
    return undefined
  }
  yield yes(IN_MESH, `${namespace} belongs to mesh ${mesh.name}`)
  const scope = { meshName: mesh.name, meshNamespace, namespace: of }
  return yield* injectionFindings(pod, scope)
}

async function* injectionFindings(
  pod: Pod,
  scope: { readonly meshName: string; readonly meshNamespace: string; readonly namespace: Namespace },
): Findings<Pod> {
  if (pod.spec.containers.some(({ name }) => name === SIDECAR_CONTAINER)) {
    yield yes(INJECTED, `container ${SIDECAR_CONTAINER}`)
    return pod
  }
  const { action, reason } = shouldInject(pod, scope)
  const { kind, name } = workloadOf(pod)
  const anew =
    kind === 'Deployment'
      ? `kubectl rollout restart deployment ${name} -n ${pod.metadata.namespace}`
      : 'delete the pod, and create it again'
  if (action === 'inject')
    yield no(
      INJECTED,
      `it would get one now, because ${reason}; it was made before that`,
      `Have it made anew: ${anew}`,
    )
  else
    yield no(
      INJECTED,
      reason,
      `Set the annotation openservicemesh.io/sidecar-injection=enabled on the namespace or the pod, then: ${anew}`,
    )
  return undefined
}
