import type { PodSpec } from '../../../model/kubernetes-pod.ts'
import { withContainerDefaults } from './container-defaults.ts'
import { withVolumeDefaults } from './volume-defaults.ts'

/** What kube-apiserver writes into the spec of a pod, and of a template, that does not say it. */
export function withPodSpecDefaults(spec: PodSpec): PodSpec {
  const { containers, initContainers, volumes } = spec
  return {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...spec,
    containers: containers.map(withContainerDefaults),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withContainerDefaults) }),
    ...(volumes === undefined ? {} : { volumes: volumes.map(withVolumeDefaults) }),
  }
}
