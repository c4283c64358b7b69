import type { Container, Pod, ResourceFieldSelector } from '../../model/kubernetes-pod.ts'
import { divideUp, quantityInMilli } from './quantity.ts'

/** What a container without a limit may have: all of the machine, as the kubelet says of its node. */
export interface MachineResources {
  /** `2` */
  readonly cpu: string
  /** In bytes. */
  readonly memory: string
}

const RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/

/** The value of a `resourceFieldRef`: in cores or bytes, or in multiples of the divisor, rounded up. Throws an `Error`. */
export function resourceFieldValue(
  selector: ResourceFieldSelector,
  { pod, container, machine }: ResourceFieldScope,
): string {
  const { resource, containerName, divisor = '1' } = selector
  const [, kind, name = ''] = RESOURCE.exec(resource) ?? []
  if (kind === undefined) throw new Error(`unsupported container resource : ${resource}`)
  const of = containerName === undefined ? container : containerNamed(pod, containerName)
  if (of === undefined) throw new Error(`container ${containerName ?? ''} not found`)
  const quantity = quantityOf(of, kind === 'limits' ? 'limits' : 'requests', name, machine)
  const [value, unit] = [quantityInMilli(quantity), quantityInMilli(divisor)]
  if (value === undefined) throw new Error(`${resource}: "${quantity}" is no quantity`)
  if (unit === undefined) throw new Error(`divisor "${divisor}" is no quantity`)
  // Kubernetes' default divisor is written as 0.
  return inUnits(name, value, unit === 0n ? 1_000n : unit)
}

export interface ResourceFieldScope {
  readonly pod: Pod
  /** Whose resources are meant where no other is named; absent in volumes, where one must be. */
  readonly container?: Container
  readonly machine: MachineResources
}

function containerNamed({ spec }: Pod, name: string): Container | undefined {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(each => each.name === name)
}

function quantityOf(
  { resources }: Container,
  kind: 'limits' | 'requests',
  name: string,
  machine: MachineResources,
): string | number {
  const said = resources?.[kind]?.[name]
  if (said !== undefined) return said
  if (kind === 'requests') return 0
  return name === 'cpu' ? machine.cpu : name === 'memory' ? machine.memory : 0
}

/** Only processors come in thousandths; of all else a begun one counts whole. */
function inUnits(name: string, milli: bigint, unit: bigint): string {
  if (name === 'cpu') return String(divideUp(milli, unit))
  return String(divideUp(divideUp(milli, 1_000n), divideUp(unit, 1_000n)))
}
