import { KubeFailure } from '../../kube/kube-failure.ts'
import type { PodContainer } from './pod-container.ts'
import type { PodWorker } from './pod-worker.ts'

/** A container of a pod, which runs; absent: the only one. Fails in the words of kube-apiserver and kubelet. */
export function runningContainer(worker: PodWorker, name: string | undefined): PodContainer {
  const { metadata, spec } = worker.pod
  const container = worker.container(name ?? onlyContainer(worker))
  if (container !== undefined && container.supervisor.status.state.running !== undefined) return container
  const wanted = name ?? onlyContainer(worker)
  const known = [...spec.containers, ...(spec.initContainers ?? [])].some(each => each.name === wanted)
  if (known) throw new KubeFailure('NotFound', `container not found ("${wanted}")`)
  throw new KubeFailure('BadRequest', `container ${wanted} is not valid for pod ${metadata.name}`)
}

function onlyContainer({ pod }: PodWorker): string {
  const names = pod.spec.containers.map(({ name }) => name)
  const [only = '', ...others] = names
  if (others.length === 0) return only
  throw new KubeFailure(
    'BadRequest',
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
  )
}
