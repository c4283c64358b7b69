import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'

export function containerNames({ spec }: Pod): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name)
}

/** Throws `BadRequest` where the pod has no container of that name; an empty one means any. */
export function checkContainer(pod: Pod, asked: string): void {
  if (asked === '' || containerNames(pod).includes(asked)) return
  throw new KubeFailure('BadRequest', `container ${asked} is not valid for pod ${pod.metadata.name}`)
}
