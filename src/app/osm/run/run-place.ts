import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { DEPLOYMENTS, NAMESPACES, PODS, SERVICES } from '../../../kube/resources.ts'
import { shouldInject } from '../../../mesh/inject/injection-decision.ts'
import { MONITORED_BY_LABEL, SIDECAR_INJECTION_ANNOTATION } from '../../../mesh/well-known-names.ts'
import { KisekiError } from '../../../model/errors.ts'
import type { Namespace } from '../../../model/kubernetes.ts'
import { listMeshes, type Mesh } from '../meshes.ts'
import { type RunSpec, runPod } from './run-objects.ts'

/** The mesh of the control plane's namespace, or else the only one. */
export async function meshFor(client: KubeClient, meshNamespace: string): Promise<Mesh> {
  const meshes = await listMeshes(client)
  const [first, ...others] = meshes
  if (first === undefined)
    throw new KisekiError('KISEKI_NOT_FOUND', 'no mesh is installed in the local cluster', {
      remedy: 'Install one: osm install --set=osm.deployJaeger=true,osm.tracing.enable=true',
    })
  const found = meshes.find(({ namespace }) => namespace === meshNamespace) ?? first
  if (found.namespace !== meshNamespace && others.length > 0)
    throw new KisekiError('KISEKI_NOT_FOUND', `no mesh is installed in namespace [${meshNamespace}]`, {
      remedy: 'See `osm mesh list`; --osm-namespace names the one you mean.',
    })
  return found
}

/** Makes the namespace if there is none, a part of the mesh. True if it did. Throws where no pod of it would get a sidecar. */
export async function ensureNamespace(client: KubeClient, run: RunSpec, mesh: Mesh): Promise<boolean> {
  const present = await unlessAbsent(client.get(NAMESPACES, { name: run.namespace }))
  const namespace = present ?? newNamespace(run.namespace, mesh)
  const scope = { meshName: mesh.name, meshNamespace: mesh.namespace, namespace }
  const { action, reason } = shouldInject(runPod(run), scope)
  if (action !== 'inject')
    throw new KisekiError('KISEKI_CONFLICT', `it would get no sidecar: ${reason}`, {
      remedy: `Add the namespace to the mesh (osm namespace add ${run.namespace}), or name another one with --namespace.`,
    })
  if (present === undefined) await client.create(NAMESPACES, namespace)
  return present === undefined
}

/** Objects of that name may be somebody's who does not expect them to go. */
export async function throwIfTaken(client: KubeClient, { name, namespace }: RunSpec): Promise<void> {
  const place = { name, namespace }
  const [pod, deployment, service] = await Promise.all([
    unlessAbsent(client.get(PODS, place)),
    unlessAbsent(client.get(DEPLOYMENTS, place)),
    unlessAbsent(client.get(SERVICES, place)),
  ])
  const found = deployment ?? pod ?? service
  if (found === undefined) return
  throw new KisekiError(
    'KISEKI_ALREADY_EXISTS',
    `there is a ${found.kind} ${name} in namespace ${namespace} already`,
    {
      remedy: `Take another --name, or remove it: kubectl delete ${found.kind === 'Pod' ? 'pod' : 'deployment'},service ${name} -n ${namespace}`,
    },
  )
}

function newNamespace(name: string, mesh: Mesh): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { [MONITORED_BY_LABEL]: mesh.name },
      annotations: { [SIDECAR_INJECTION_ANNOTATION]: 'enabled' },
    },
  }
}
