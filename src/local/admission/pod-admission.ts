import { PODS, type Resource } from '../../kube/resources.ts'
import type { Container, KubeObject, Pod, PodSpec } from '../../model/kubernetes.ts'
import { shortNameProblems } from '../schema/dns-names.ts'
import { invalid } from '../store/store-errors.ts'
import { withRequests } from './defaults/container-defaults.ts'
import { withPodSpecDefaults } from './defaults/pod-spec-defaults.ts'

/** The only node. */
export const NODE_NAME = 'localhost'

/** What the runner relies on, and a node: it is always this machine. */
export function withPodDefaults(pod: Pod): Pod {
  const spec = withPodSpecDefaults(pod.spec)
  const { containers, initContainers } = spec
  return {
    ...pod,
    spec: {
      serviceAccountName: 'default',
      nodeName: NODE_NAME,
      enableServiceLinks: true,
      ...spec,
      containers: containers.map(withRequests),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withRequests) }),
    },
  }
}

export function checkPod(pod: Pod): Pod {
  checkPodSpec(PODS, pod, 'spec', pod.spec)
  return pod
}

/** Refuses what the runner could not run: manifests come from people. */
export function checkPodSpec(
  resource: Resource,
  object: KubeObject,
  field: string,
  spec: PodSpec | undefined,
): void {
  const refuse = (place: string, problem: string) =>
    invalid(resource, object.metadata.name, `${field}.${place}`, problem)
  const containers: unknown = spec?.containers
  if (!Array.isArray(containers) || containers.length === 0) throw refuse('containers', 'Required value')
  const all: readonly Partial<Container>[] = [...(spec?.initContainers ?? []), ...containers]
  const names = new Set<string>()
  for (const [index, { name, image, ports = [] }] of all.entries()) {
    const place = `containers[${index}]`
    if (typeof name !== 'string' || name === '') throw refuse(`${place}.name`, 'Required value')
    const [problem] = shortNameProblems(name)
    if (problem !== undefined) throw refuse(`${place}.name`, `Invalid value: "${name}": ${problem}`)
    if (names.has(name)) throw refuse(`${place}.name`, `Duplicate value: "${name}"`)
    names.add(name)
    if (typeof image !== 'string' || image === '') throw refuse(`${place}.image`, 'Required value')
    for (const { containerPort } of ports) {
      if (Number.isInteger(containerPort) && containerPort > 0 && containerPort < 65_536) continue
      throw refuse(`${place}.ports`, `Invalid value: ${containerPort}: must be between 1 and 65535`)
    }
  }
}
