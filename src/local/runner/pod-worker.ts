import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../model/errors.ts'
import type { Container, ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import { errorFields } from '../../runtime/logger.ts'
import { kubeTime } from '../kube-time.ts'
import { writeKubeconfig } from './api-access.ts'
import { coalesced } from './coalesced.ts'
import { configChanged } from './config-watch.ts'
import type { ContainerRecord } from './container-state.ts'
import type { PodAddress } from './pod-addresses.ts'
import { isSidecar, type PodContainer } from './pod-container.ts'
import {
  createPodContainers,
  LEAST_SIDECAR_MILLIS,
  type Outcome,
  type PodContainers,
} from './pod-containers.ts'
import { podFolderName } from './pod-folders.ts'
import { choosePodPorts, type PodPorts } from './pod-ports.ts'
import { createPodPublisher, type PodPublisher } from './pod-publisher.ts'
import type { PodSituation } from './pod-status.ts'
import { previousStatus, resumedStatuses } from './resumed-pod.ts'
import type { RunnerContext } from './runner-context.ts'
import { createAccountTokens } from './volumes/account-tokens.ts'
import { createPodVolumes, type PodVolumes } from './volumes/pod-volumes.ts'

const COMPONENT = 'kubelet'
/** Between two attempts to set up the volumes of a pod. */
const VOLUME_RETRY = { firstMillis: 500, mostMillis: 10_000 }

/** One pod on this machine, from its first container to its last. */
export class PodWorker {
  readonly #context: RunnerContext
  /** As it was when it came: with the status of the run before. */
  readonly #born: Pod
  readonly #folder: string
  readonly #startTime: string
  /** Of the run before, as they begin in this one. */
  readonly #resumed: ReadonlyMap<string, ContainerStatus>
  readonly #publisher: PodPublisher
  readonly #terminating = new AbortController()
  readonly #running: Promise<void>
  readonly #refreshing = coalesced(() => this.#refresh())
  #pod: Pod
  #address: PodAddress | undefined
  #ports: PodPorts | undefined
  #volumes: PodVolumes | undefined
  #containers: PodContainers | undefined
  #outcome: Outcome | undefined
  #ended: Promise<void> | undefined
  /** By when it shall have ended, in milliseconds of `performance.now()`. */
  #deadline = Number.POSITIVE_INFINITY

  constructor(pod: Pod, context: RunnerContext) {
    this.#pod = pod
    this.#born = pod
    this.#context = context
    this.#folder = join(context.podsDir, podFolderName(pod))
    this.#startTime = pod.status?.startTime ?? kubeTime(context.now())
    this.#resumed = resumedStatuses(pod, kubeTime(context.now()))
    this.#publisher = createPodPublisher({ pod, context, situation: () => this.#situation() })
    // What the run before has written does not hold any more.
    if (this.#resumed.size > 0) this.#publisher.status()
    else this.#tellAssigned()
    this.#running = this.#run().catch(error => this.#fail(error))
  }

  get pod(): Pod {
    return this.#pod
  }

  get hasSidecar(): boolean {
    return this.#pod.spec.containers.some(isSidecar)
  }

  /** Undefined as long as it is not set up. */
  get ports(): PodPorts | undefined {
    return this.#ports
  }

  get podIP(): string | undefined {
    return this.#address?.ip
  }

  get containers(): readonly PodContainer[] {
    return this.#containers?.all ?? []
  }

  /** Undefined where the pod has no such container, or nothing is set up yet. */
  container(name: string): PodContainer | undefined {
    return this.containers.find(({ supervisor }) => supervisor.name === name)
  }

  /** The object has changed: its labels and annotations may be in files. */
  see(pod: Pod): void {
    const before = this.#pod.metadata
    this.#pod = pod
    const { labels, annotations } = pod.metadata
    if (isDeepStrictEqual([labels, annotations], [before.labels, before.annotations])) return
    this.refreshVolumes()
  }

  /** Brings the files of volumes up to date, if they are there: soon, and once however often it is asked for. */
  refreshVolumes(): void {
    this.#refreshing.ask()
  }

  async #refresh(): Promise<void> {
    if (this.#terminating.signal.aborted || this.#outcome !== undefined) return
    const problem = await this.#volumes?.setUp().catch(messageOf)
    if (problem !== undefined) this.#warn('FailedMount', problem)
  }

  /** Apps first, then the sidecar, so that it can drain. Called again, it may only end sooner; 0: at once. */
  async terminate(graceMillis: number): Promise<void> {
    this.#terminating.abort()
    this.#deadline = Math.min(this.#deadline, performance.now() + graceMillis)
    this.#ended ??= this.#stop()
    for (const { supervisor } of this.containers) {
      if (graceMillis === 0) void supervisor.stop(0)
      else supervisor.hurry(this.#millisLeft(LEAST_SIDECAR_MILLIS))
    }
    await this.#ended
  }

  /** After its end. */
  async removeFolder(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #run(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    this.#address = await this.#context.addresses.allocate()
    if (this.#address === undefined) {
      this.#warn('FailedScheduling', 'no address is free for the pod')
      this.#publisher.status()
      return
    }
    const volumes = this.#createVolumes(this.#address)
    const containers = await this.#prepare(this.#address, volumes)
    await this.#mount(volumes)
    const { signal } = this.#terminating
    if (signal.aborted) return
    const outcome = await containers.start(signal)
    if (outcome !== undefined) return this.#end(outcome)
    void this.#whenFinished(containers)
  }

  async #prepare(address: PodAddress, volumes: PodVolumes): Promise<PodContainers> {
    const { spec } = this.#pod
    const { freePorts } = this.#context
    const all = [...(spec.initContainers ?? []), ...spec.containers]
    const ports = await choosePodPorts({ address, containers: all, isFixed: isSidecar, freePorts })
    this.#ports = ports
    const containers = await createPodContainers({
      context: this.#context,
      pod: () => this.#pod,
      address,
      ports,
      volumes,
      folder: this.#folder,
      previous: name => previousStatus(this.#born, name),
      changed: () => this.#publisher.status(),
      portsChanged: () => void this.#publisher.ports(ports),
      record: happening => this.#record(happening),
    })
    this.#containers = containers
    // Before the address: who sees it must also see what is behind it.
    await this.#publisher.ports(ports)
    this.#publisher.status()
    return containers
  }

  #createVolumes({ ip: podIP }: PodAddress): PodVolumes {
    const { client, machine, serviceAccounts, now } = this.#context
    const tokens = createAccountTokens({ client, pod: this.#pod, serviceAccounts, now })
    const folder = join(this.#folder, 'volumes')
    return createPodVolumes({ client, pod: () => this.#pod, podIP, machine, tokens, folder })
  }

  /** Until all volumes are there: as long the containers are being created. */
  async #mount(volumes: PodVolumes): Promise<void> {
    const { context, signal } = { context: this.#context, signal: this.#terminating.signal }
    const { firstMillis, mostMillis } = VOLUME_RETRY
    for (let millis = firstMillis; !signal.aborted; millis = Math.min(2 * millis, mostMillis)) {
      const problem = await volumes.setUp()
      if (problem === undefined) break
      this.#warn('FailedMount', problem)
      await configChanged(context.configs, this.#pod.metadata.namespace ?? '', { millis, signal })
    }
    this.#volumes = volumes
    const { serviceAccounts } = context
    if (signal.aborted || serviceAccounts === undefined) return
    const folderOf = (name: string) => volumes.folderOf(name)
    await writeKubeconfig({ pod: this.#pod, podFolder: this.#folder, folderOf, serviceAccounts })
  }

  /** With a restart policy that lets containers end. */
  async #whenFinished(containers: PodContainers): Promise<void> {
    const outcome = await containers.finished
    if (this.#terminating.signal.aborted) return
    await this.#end(outcome)
  }

  async #end(outcome: Outcome): Promise<void> {
    await this.#containers?.stop(() => LEAST_SIDECAR_MILLIS)
    this.#outcome = outcome
    this.#publisher.status()
  }

  async #stop(): Promise<void> {
    // Who is still preparing sees that it shall not start.
    if (this.#volumes === undefined) await this.#running
    for (const { supervisor } of this.containers) {
      if (supervisor.status.state.running === undefined) continue
      const message = `Stopping container ${supervisor.name}`
      this.#record({ type: 'Normal', reason: 'Killing', message })
    }
    await this.#containers?.stop(least => this.#millisLeft(least))
    await this.#running
    await this.#refreshing.idle()
    await this.#publisher.idle()
    await Promise.all(this.containers.map(({ log }) => log.close()))
    this.#ports?.giveBack()
    if (this.#address !== undefined) this.#context.addresses.release(this.#address)
  }

  #millisLeft(least: number): number {
    return Math.max(least, this.#deadline - performance.now())
  }

  #situation(): Omit<PodSituation, 'conditions' | 'now'> {
    const { initContainers = [], containers } = this.#pod.spec
    const statuses = (of: readonly Container[]): readonly ContainerStatus[] =>
      of.flatMap(({ name }) => this.container(name)?.supervisor.status ?? this.#resumed.get(name) ?? [])
    return {
      podIP: this.#address?.ip,
      startTime: this.#startTime,
      initContainers: statuses(initContainers),
      staying: initContainers
        .filter(({ restartPolicy }) => restartPolicy === 'Always')
        .map(({ name }) => name),
      containers: statuses(containers),
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
    }
  }

  #fail(error: unknown): void {
    this.#warn('FailedCreatePodSandBox', messageOf(error))
    this.#context.logger.error(`cannot run pod ${this.#pod.metadata.name}`, errorFields(error))
  }

  #warn(reason: string, message: string): void {
    this.#record({ type: 'Warning', reason, message })
  }

  #tellAssigned(): void {
    const { namespace, name } = this.#pod.metadata
    const message = `Successfully assigned ${namespace}/${name} to ${this.#pod.spec.nodeName}`
    const scheduled = {
      type: 'Normal',
      reason: 'Scheduled',
      message,
      component: 'default-scheduler',
    } as const
    this.#context.events.record(this.#pod, scheduled)
  }

  #record(happening: ContainerRecord): void {
    this.#context.events.record(this.#pod, { ...happening, component: COMPONENT })
  }
}
