import { PODS, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Container, Pod, PodSpec } from '../../model/kubernetes-pod.ts'
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
  const volumes = new Set((spec?.volumes ?? []).map(({ name }) => name))
  const names = new Set<string>()
  const check = (place: string, container: Partial<Container>) => {
    const { name = '' } = container
    if (names.has(name)) throw refuse(`${place}.name`, `Duplicate value: "${name}"`)
    names.add(name)
    checkContainer(container, volumes, (part, problem) => refuse(`${place}.${part}`, problem))
  }
  for (const [index, each] of (spec?.initContainers ?? []).entries()) check(`initContainers[${index}]`, each)
  for (const [index, each] of (spec?.containers ?? []).entries()) check(`containers[${index}]`, each)
}

function checkContainer(
  { name, image, ports = [], volumeMounts = [] }: Partial<Container>,
  volumes: ReadonlySet<string>,
  refuse: (part: string, problem: string) => Error,
): void {
  if (typeof name !== 'string' || name === '') throw refuse('name', 'Required value')
  const [problem] = shortNameProblems(name)
  if (problem !== undefined) throw refuse('name', `Invalid value: "${name}": ${problem}`)
  if (typeof image !== 'string' || image === '') throw refuse('image', 'Required value')
  for (const [index, { containerPort }] of ports.entries()) {
    if (Number.isInteger(containerPort) && containerPort > 0 && containerPort < 65_536) continue
    const problem = `Invalid value: ${containerPort}: must be between 1 and 65535, inclusive`
    throw refuse(`ports[${index}].containerPort`, problem)
  }
  const paths = new Set<string>()
  for (const [index, mount] of volumeMounts.entries()) {
    const place = `volumeMounts[${index}]`
    if (!volumes.has(mount.name)) throw refuse(`${place}.name`, `Not found: "${mount.name}"`)
    if (!mount.mountPath) throw refuse(`${place}.mountPath`, 'Required value')
    if (paths.has(mount.mountPath))
      throw refuse(`${place}.mountPath`, `Invalid value: "${mount.mountPath}": must be unique`)
    paths.add(mount.mountPath)
    const { subPath = '' } = mount
    if (subPath.startsWith('/'))
      throw refuse(`${place}.subPath`, `Invalid value: "${subPath}": must be a relative path`)
    if (subPath.split('/').includes('..'))
      throw refuse(`${place}.subPath`, `Invalid value: "${subPath}": must not contain '..'`)
  }
}
