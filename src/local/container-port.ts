import type { Container, Pod } from '../model/kubernetes-pod.ts'

/** The container port that a Service's `targetPort` means: a number, or the name of one. */
export function containerPortOf(pod: Pick<Pod, 'spec'>, target: number | string): number | undefined {
  return portOf(pod.spec.containers, target)
}

/** The same for a probe's `port`, which names ports of its own container. */
export function portOf(
  containers: readonly Pick<Container, 'ports'>[],
  target: number | string,
): number | undefined {
  if (typeof target === 'number') return target
  for (const { ports = [] } of containers) {
    const named = ports.find(port => port.name === target)
    if (named !== undefined) return named.containerPort
  }
  return /^\d+$/.test(target) ? Number(target) : undefined
}
