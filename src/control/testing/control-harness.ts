import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../kube/client.ts'
import { MESH_CONFIGS, NAMESPACES, PODS } from '../../kube/resources.ts'
import { namespaceObject, podObject } from '../../mesh/testing/kube-objects.ts'
import type { MeshConfigObject } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { createLogger } from '../../runtime/logger.ts'
import type { ControlLimits } from '../control-limits.ts'
import { type ControlPlane, startControlPlane } from '../control-plane.ts'
import { type ConfigListener, listenForConfigs } from './config-listener.ts'
import { defineMeshConfigs, MESH, MESH_CONFIG } from './mesh-config-definition.ts'

/** A control plane over an API, with objects of a mesh and sidecars that listen, for tests. */
export interface ControlHarness {
  /** Log lines so far. */
  readonly lines: readonly string[]
  start(limits?: Partial<ControlLimits>): Promise<ControlPlane>
  /** At the control plane that was started. */
  listen(podUid: string): Promise<ConfigListener>
  /** In the namespace `shop`. Returns what gives it its address. */
  createPod(name: string): Promise<{ uid: string; setAddress(address: string): Promise<void> }>
  createMeshConfig(tracing: object): Promise<void>
  patchTracing(tracing: object): Promise<MeshConfigObject>
  close(): Promise<void>
}

export async function createControlHarness(client: KubeClient): Promise<ControlHarness> {
  const lines: string[] = []
  const started: ControlPlane[] = []
  const listeners: ConfigListener[] = []
  for (const namespace of ['osm-system', 'shop'])
    await client.create(NAMESPACES, namespaceObject(namespace, 'osm'))
  await defineMeshConfigs(client)

  return {
    lines,
    async start(limits = {}) {
      const control = await startControlPlane({
        client,
        listen: { host: '127.0.0.1', port: 0 },
        ...MESH,
        logger: createLogger({ component: 'test', write: line => lines.push(line) }),
        limits: { gatherMillis: 5, ...limits },
      })
      started.push(control)
      return control
    },
    async listen(podUid) {
      const listener = await listenForConfigs(started[0]?.url ?? '', podUid)
      listeners.push(listener)
      return listener
    },
    async createPod(name) {
      const created = await client.create(PODS, podObject({ namespace: 'shop', name, ports: [8080] }))
      return {
        uid: created.metadata.uid ?? '',
        setAddress: podIP => setAddress(client, created, podIP),
      }
    },
    async createMeshConfig(tracing) {
      await client.create(MESH_CONFIGS, {
        apiVersion: 'config.openservicemesh.io/v1alpha2',
        kind: 'MeshConfig',
        metadata: MESH_CONFIG,
        spec: { observability: { tracing } },
      })
    },
    patchTracing: tracing =>
      client.patch(MESH_CONFIGS, MESH_CONFIG, { spec: { observability: { tracing } } }),
    async close() {
      await Promise.all(listeners.map(listener => listener.close()))
      await Promise.all(started.map(control => control.stop()))
    },
  }
}

async function setAddress(client: KubeClient, pod: Pod, podIP: string): Promise<void> {
  const { name, namespace = '' } = pod.metadata
  const status = { phase: 'Running', podIP }
  await client.patch(PODS, { name, namespace }, { status }, { subresource: 'status' })
}

/** Asks again and again; the test's own limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(2)
}
