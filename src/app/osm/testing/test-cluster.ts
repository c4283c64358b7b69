import type { KubeClient } from '../../../kube/client.ts'
import type { KubePods, PodAnswer } from '../../../kube/pods.ts'
import { DEPLOYMENTS, PODS } from '../../../kube/resources.ts'
import { createLocalKubernetes } from '../../../local/kubernetes.ts'
import { defaultInstallValues } from '../../../mesh/install/install-values.ts'
import { renderInstall } from '../../../mesh/install/render-install.ts'
import { SIDECAR_CONTAINER } from '../../../mesh/well-known-names.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import { applyAll } from '../../mesh/objects.ts'

/** An API without anything behind it. */
export function testClient(): KubeClient {
  return createLocalKubernetes({ now: () => Date.UTC(2026, 0, 1) * 1000 }).client
}

export interface TestMesh {
  readonly name?: string
  readonly namespace?: string
  readonly single?: boolean
}

/** The objects of a mesh, as an installation creates them. */
export async function putMesh(client: KubeClient, mesh: TestMesh = {}): Promise<void> {
  const { name = 'osm', namespace = 'osm-system', single = true } = mesh
  const values = defaultInstallValues({
    meshName: name,
    meshNamespace: namespace,
    version: '1.2.3',
    enforceSingleMesh: single,
  })
  await applyAll(client, renderInstall(values))
}

/** Says for every Deployment that its pods are ready, until the signal. */
export async function makeDeploymentsReady(client: KubeClient, signal: AbortSignal): Promise<void> {
  const { resourceVersion, items } = await client.list(DEPLOYMENTS)
  const ready = async (name: string, namespace: string, generation = 0): Promise<void> => {
    const status = { observedGeneration: generation, replicas: 1, readyReplicas: 1, updatedReplicas: 1 }
    await client.patch(DEPLOYMENTS, { name, namespace }, { status }, { subresource: 'status' })
  }
  for (const { metadata } of items) await ready(metadata.name, metadata.namespace ?? '', metadata.generation)
  for await (const { type, object } of client.watch(DEPLOYMENTS, { resourceVersion, signal })) {
    const { name, namespace = '', generation } = object.metadata
    if (type === 'ADDED') await ready(name, namespace, generation)
  }
}

export interface TestPod {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly phase?: 'Pending' | 'Running'
  readonly ready?: boolean
  readonly sidecar?: boolean
}

export async function putPod(client: KubeClient, pod: TestPod): Promise<Pod> {
  const { name, namespace = 'default', labels = {}, phase = 'Running', ready = true } = pod
  const containers = [{ name: 'app', image: 'test' }]
  await client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      containers:
        pod.sidecar === true ? [...containers, { name: SIDECAR_CONTAINER, image: 's' }] : containers,
    },
  })
  const status = { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] }
  return await client.patch(PODS, { name, namespace }, { status }, { subresource: 'status' })
}

/** Pods that answer from a table: `<pod>:<port><path>`. Who is not in it cannot be reached. */
export function testPods(
  answers: Readonly<Record<string, string | { status: number; body: string }>>,
): KubePods {
  return {
    // biome-ignore lint/correctness/useYield: no test reads logs
    async *readLogs() {
      throw new Error('no logs here')
    },
    async podRequest(pod, port, { path }): Promise<PodAnswer> {
      const answer = answers[`${pod.name}:${port}${path}`]
      if (answer === undefined) throw new Error(`nobody listens on ${pod.name}:${port}${path}`)
      const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer
      return { status, headers: {}, body: new TextEncoder().encode(body) }
    },
  }
}
