import { isDeepStrictEqual } from 'node:util'
import { PODS } from '../../kube/resources.ts'
import type { Container, Pod, PodSpec } from '../../model/kubernetes-pod.ts'
import { invalid } from '../store/store-errors.ts'

const MAY_CHANGE =
  'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,' +
  '`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` ' +
  '(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` ' +
  '(allow it to be set to 1 if it was previously negative)'

/** Throws where an update changes what a pod keeps as long as it lives. Both have their defaults. */
export function checkPodUpdate(pod: Pod, previous: Pod): void {
  if (isDeepStrictEqual(lasting(pod.spec), lasting(previous.spec))) return
  throw invalid(PODS, pod.metadata.name, 'spec', MAY_CHANGE)
}

function lasting(spec: PodSpec): unknown {
  const changeable = ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds']
  const members = Object.entries(spec).filter(([name]) => !changeable.includes(name))
  const { containers, initContainers = [] } = spec
  return {
    ...Object.fromEntries(members),
    containers: containers.map(withoutImage),
    initContainers: initContainers.map(withoutImage),
  }
}

function withoutImage({ image: _, ...container }: Container): unknown {
  return container
}
