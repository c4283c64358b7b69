import type { Namespace } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import {
  IGNORE_LABEL,
  MONITORED_BY_LABEL,
  SIDECAR_CONTAINER,
  SIDECAR_INJECTION_ANNOTATION,
} from '../well-known-names.ts'

export interface InjectionScope {
  readonly meshName: string
  readonly meshNamespace: string
  /** That of the pod. */
  readonly namespace: Namespace
}

/** `refuse`: the pod must not be created, for the reason. */
export interface InjectionDecision {
  readonly action: 'inject' | 'skip' | 'refuse'
  readonly reason: string
}

const SYSTEM_NAMESPACES = ['kube-system', 'kube-public']
const SWITCH: Readonly<Record<string, boolean>> = {
  enabled: true,
  yes: true,
  true: true,
  disabled: false,
  no: false,
  false: false,
}

/** Whether a new pod gets a sidecar: the rules and words of osm-edge. */
export function shouldInject(pod: Pod, scope: InjectionScope): InjectionDecision {
  const outside = reasonOutside(pod, scope)
  if (outside !== undefined) return { action: 'skip', reason: outside }
  const ofPod = readSwitch(pod.metadata.annotations)
  if (ofPod.status === 'invalid') return { action: 'refuse', reason: invalid(ofPod.value) }
  if (ofPod.status === 'set') return decide(ofPod.on, 'the pod')
  const ofNamespace = readSwitch(scope.namespace.metadata.annotations)
  if (ofNamespace.status === 'invalid') return { action: 'refuse', reason: invalid(ofNamespace.value) }
  if (ofNamespace.status === 'set') return decide(ofNamespace.on, 'the namespace')
  return { action: 'skip', reason: 'neither the pod nor its namespace asks for a sidecar' }
}

function reasonOutside(pod: Pod, { meshName, meshNamespace, namespace }: InjectionScope): string | undefined {
  const { name, labels = {} } = namespace.metadata
  if (SYSTEM_NAMESPACES.includes(name)) return `${name} belongs to Kubernetes`
  if (name === meshNamespace) return `${name} belongs to the control plane of the mesh`
  if (labels[MONITORED_BY_LABEL] !== meshName) return `${name} does not belong to mesh ${meshName}`
  if (labels[IGNORE_LABEL] !== undefined) return `${name} is to be ignored`
  if (labels['control-plane'] !== undefined) return `${name} holds a control plane`
  if (pod.spec.hostNetwork === true) return 'the pod is on the network of its host'
  if (pod.spec.containers.some(container => container.name === SIDECAR_CONTAINER))
    return 'the pod has a sidecar already'
  return undefined
}

type Switch =
  | { readonly status: 'set'; readonly on: boolean }
  | { readonly status: 'unset' }
  | { readonly status: 'invalid'; readonly value: string }

function readSwitch(annotations: Readonly<Record<string, string>> | undefined): Switch {
  const value = annotations?.[SIDECAR_INJECTION_ANNOTATION]
  if (value === undefined) return { status: 'unset' }
  const on = Object.hasOwn(SWITCH, value.toLowerCase()) ? SWITCH[value.toLowerCase()] : undefined
  return on === undefined ? { status: 'invalid', value } : { status: 'set', on }
}

function decide(on: boolean, who: string): InjectionDecision {
  return on
    ? { action: 'inject', reason: `${who} asks for a sidecar` }
    : { action: 'skip', reason: `${who} wants no sidecar` }
}

function invalid(value: string): string {
  return `Invalid annotation value for key "${SIDECAR_INJECTION_ANNOTATION}": ${value}`
}
