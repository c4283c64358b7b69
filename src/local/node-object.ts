import { arch, availableParallelism, platform, release, totalmem, type } from 'node:os'
import type { Resource } from '../kube/resources.ts'
import type { KubeObject } from '../model/kubernetes.ts'
import { NODE_NAME } from './admission/pod-admission.ts'
import { kubeTime } from './kube-time.ts'
import type { ObjectStore } from './store/object-store.ts'

interface Node extends KubeObject {
  readonly spec?: unknown
  readonly status?: unknown
}

const NODES: Resource<Node> = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  kind: 'Node',
  namespaced: false,
}
/** As many as a kubelet takes where nobody says otherwise; nothing counts them here. */
const PODS = '110'

export interface NodeOptions {
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** Of Kubernetes: `v1.34.0`. */
  readonly kubernetesVersion: string
}

/** This machine, as `kubectl get nodes` has it. What people wrote to it in a former run stays. */
export function registerNode(store: ObjectStore, options: NodeOptions): void {
  const { metadata, spec, status } = nodeOf(options)
  const node = { apiVersion: 'v1', kind: 'Node', metadata, spec }
  if (store.find(NODES, metadata) === undefined) store.create(NODES, node)
  const present = store.get(NODES, metadata)
  store.replace(NODES, { ...present, status }, { subresource: 'status' })
}

function nodeOf({ now, kubernetesVersion }: NodeOptions) {
  const resources = {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: PODS,
  }
  const architecture = arch() === 'x64' ? 'amd64' : arch()
  return {
    metadata: {
      name: NODE_NAME,
      labels: {
        'kubernetes.io/arch': architecture,
        'kubernetes.io/hostname': NODE_NAME,
        'kubernetes.io/os': platform(),
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: conditionsAt(kubeTime(now())),
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: NODE_NAME },
      ],
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: '',
        kernelVersion: release(),
        osImage: type(),
        // Clients cut it at `://`.
        containerRuntimeVersion: 'process://1.0',
        kubeletVersion: kubernetesVersion,
        kubeProxyVersion: kubernetesVersion,
        operatingSystem: platform(),
        architecture,
      },
    },
  }
}

function conditionsAt(time: string) {
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  })
  return [
    condition('MemoryPressure', 'False', 'NotWatched', 'memory is not watched'),
    condition('DiskPressure', 'False', 'NotWatched', 'disks are not watched'),
    condition('PIDPressure', 'False', 'NotWatched', 'processes are not counted'),
    condition('Ready', 'True', 'KubeletReady', 'pods are processes of this machine'),
  ]
}
