import { SIDECAR_CONTAINER } from '../../mesh/well-known-names.ts'
import type { Container, ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import type { ContainerLog } from './container-log.ts'
import type { OutputStream } from './container-process.ts'
import type { ContainerRecord } from './container-state.ts'
import type { ContainerSupervisor, RestartPolicy } from './container-supervisor.ts'
import type { ExecGround } from './exec-probe.ts'
import type { PodAddress } from './pod-addresses.ts'
import type { PodPorts } from './pod-ports.ts'
import type { RunnerContext } from './runner-context.ts'
import type { PodVolumes } from './volumes/pod-volumes.ts'

export interface PodContainerOptions {
  readonly context: RunnerContext
  /** As it is now: labels and annotations may change. */
  readonly pod: () => Pod
  readonly container: Container
  readonly restartPolicy: RestartPolicy
  readonly address: PodAddress
  readonly ports: PodPorts
  /** The pod's own: programs run in it, logs are in it. */
  readonly folder: string
  readonly volumes: PodVolumes
  /** Of the run before, if the pod is started anew. */
  readonly previous?: ContainerStatus
  readonly runsAgain?: boolean
  readonly waiting: string
  readonly graceMillis: number
  readonly changed: () => void
  readonly portsChanged: () => void
  readonly record: (happening: ContainerRecord) => void
}

/** A container of a pod on this machine: its supervisor and its log. */
export interface PodContainer {
  readonly supervisor: ContainerSupervisor
  readonly log: ContainerLog
  /** What commands in it run with; undefined while it does not run. */
  readonly ground: () => ExecGround | undefined
  /** Its groups of processes are told to whoever must know them. */
  readonly groups: ProcessGroups
  /** That of its first process; undefined while it does not run. */
  readonly group: () => number | undefined
  /** What it prints from now on. Returns what ends it. */
  readonly listen: (listener: OutputListener) => () => void
}

export type OutputListener = (stream: OutputStream, piece: Buffer) => void

export interface ProcessGroups {
  add(group: number): void
  remove(group: number): void
}

export function isSidecar({ name }: Container): boolean {
  return name === SIDECAR_CONTAINER
}
