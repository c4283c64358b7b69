import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../model/errors.ts'
import type { Container, ContainerStatus, Pod } from '../../model/kubernetes.ts'
import { errorFields } from '../../runtime/logger.ts'
import { kubeTime } from '../kube-time.ts'
import type { ContainerLog } from './container-log.ts'
import type { ContainerRecord, RestartPolicy } from './container-supervisor.ts'
import type { PodAddress } from './pod-addresses.ts'
import { createPodContainer, isSidecar, type PodContainer } from './pod-container.ts'
import { choosePodPorts, type PodPorts } from './pod-ports.ts'
import { createPodPublisher, type PodPublisher } from './pod-publisher.ts'
import type { PodSituation } from './pod-status.ts'
import type { RunnerContext } from './runner-context.ts'

const COMPONENT = 'kubelet'
const DEFAULT_GRACE_SECONDS = 30
/** What a sidecar has to drain, however long its apps took. */
const LEAST_SIDECAR_MILLIS = 2000

/** One pod on this machine, from its first container to its last. */
export class PodWorker {
  readonly pod: Pod
  readonly #context: RunnerContext
  readonly #folder: string
  readonly #startTime: string
  readonly #publisher: PodPublisher
  readonly #terminating = new AbortController()
  readonly #running: Promise<void>
  #address: PodAddress | undefined
  #ports: PodPorts | undefined
  #sidecars: readonly PodContainer[] = []
  #inits: readonly PodContainer[] = []
  #apps: readonly PodContainer[] = []
  #outcome: 'Succeeded' | 'Failed' | undefined
  #ended: Promise<void> | undefined
  /** By when it shall have ended, in milliseconds of `performance.now()`. */
  #deadline = Number.POSITIVE_INFINITY

  constructor(pod: Pod, context: RunnerContext) {
    this.pod = pod
    this.#context = context
    const { namespace, name, uid } = pod.metadata
    this.#folder = join(context.podsDir, `${namespace}_${name}_${uid}`)
    this.#startTime = kubeTime(context.now())
    this.#publisher = createPodPublisher({ pod, context, situation: () => this.#situation() })
    this.#running = this.#run().catch(error => this.#fail(error))
  }

  get hasSidecar(): boolean {
    return this.pod.spec.containers.some(isSidecar)
  }

  /** Undefined where the pod has no such container, or nothing is set up yet. */
  log(container: string): ContainerLog | undefined {
    return this.#containers().find(({ supervisor }) => supervisor.name === container)?.log
  }

  /** Apps first, then the sidecar, so that it can drain. Called again, it may only end sooner; 0: at once. */
  async terminate(graceMillis: number): Promise<void> {
    this.#terminating.abort()
    this.#deadline = Math.min(this.#deadline, performance.now() + graceMillis)
    this.#ended ??= this.#stop()
    for (const { supervisor } of this.#containers()) {
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
      this.#record({ type: 'Warning', reason: 'FailedScheduling', message: 'no address is free for the pod' })
      this.#publisher.status()
      return
    }
    await this.#prepare(this.#address)
    if (!this.#terminating.signal.aborted) await this.#startAll()
  }

  async #prepare(address: PodAddress): Promise<void> {
    const { spec } = this.pod
    const { restartPolicy = 'Always', initContainers = [] } = spec
    const containers = [...initContainers, ...spec.containers]
    const { freePorts } = this.#context
    const ports = await choosePodPorts({ address, containers, isFixed: isSidecar, freePorts })
    this.#ports = ports
    const create = (each: readonly Container[], policy: RestartPolicy) =>
      Promise.all(each.map(container => this.#create(container, policy, { address, ports })))
    const apps = spec.containers.filter(container => !isSidecar(container))
    this.#sidecars = await create(spec.containers.filter(isSidecar), restartPolicy)
    this.#inits = await create(initContainers, restartPolicy === 'Never' ? 'Never' : 'OnFailure')
    this.#apps = await create(apps, restartPolicy)
    // Before the address: who sees it must also see what is behind it.
    await this.#publisher.ports(ports)
    this.#publisher.status()
  }

  #create(
    container: Container,
    restartPolicy: RestartPolicy,
    { address, ports }: { readonly address: PodAddress; readonly ports: PodPorts },
  ): Promise<PodContainer> {
    const { terminationGracePeriodSeconds = DEFAULT_GRACE_SECONDS } = this.pod.spec
    return createPodContainer({
      context: this.#context,
      pod: this.pod,
      container,
      restartPolicy,
      address,
      ports,
      folder: this.#folder,
      graceMillis: terminationGracePeriodSeconds * 1000,
      changed: () => this.#publisher.status(),
      portsChanged: () => void this.#publisher.ports(ports),
      record: happening => this.#record(happening),
    })
  }

  /** The sidecar first: what starts after it has its requests recorded. One that fails holds nobody up. */
  async #startAll(): Promise<void> {
    const { signal } = this.#terminating
    for (const { supervisor } of this.#sidecars) supervisor.start()
    await Promise.all(this.#sidecars.map(({ supervisor }) => supervisor.settled))
    for (const { supervisor } of this.#inits) {
      supervisor.start()
      const exitCode = await supervisor.finished
      if (signal.aborted) return
      if (exitCode !== 0) return this.#end('Failed')
    }
    if (signal.aborted) return
    for (const { supervisor } of this.#apps) supervisor.start()
    void this.#whenFinished()
  }

  /** With a restart policy that lets containers end. */
  async #whenFinished(): Promise<void> {
    const exitCodes = await Promise.all(this.#apps.map(({ supervisor }) => supervisor.finished))
    if (this.#terminating.signal.aborted || exitCodes.length === 0) return
    await this.#end(exitCodes.every(code => code === 0) ? 'Succeeded' : 'Failed')
  }

  async #end(outcome: 'Succeeded' | 'Failed'): Promise<void> {
    await stopAll(this.#sidecars, LEAST_SIDECAR_MILLIS)
    this.#outcome = outcome
    this.#publisher.status()
  }

  async #stop(): Promise<void> {
    // Who is still preparing sees that it shall not start.
    if (this.#apps.length === 0) await this.#running
    for (const { supervisor } of this.#containers()) {
      if (supervisor.status.state.running === undefined) continue
      const message = `Stopping container ${supervisor.name}`
      this.#record({ type: 'Normal', reason: 'Killing', message })
    }
    const forced = this.#millisLeft(0) === 0
    await stopAll([...this.#apps, ...this.#inits], this.#millisLeft(0))
    await stopAll(this.#sidecars, forced ? 0 : this.#millisLeft(LEAST_SIDECAR_MILLIS))
    await this.#running
    await this.#publisher.idle()
    await Promise.all(this.#containers().map(({ log }) => log.close()))
    this.#ports?.giveBack()
    if (this.#address !== undefined) this.#context.addresses.release(this.#address)
  }

  #millisLeft(least: number): number {
    return Math.max(least, this.#deadline - performance.now())
  }

  #containers(): readonly PodContainer[] {
    return [...this.#inits, ...this.#apps, ...this.#sidecars]
  }

  #situation(): Omit<PodSituation, 'conditions' | 'now'> {
    const { initContainers = [], containers } = this.pod.spec
    const all = this.#containers()
    const statuses = (of: readonly Container[]): readonly ContainerStatus[] =>
      of.flatMap(({ name }) => all.find(each => each.supervisor.name === name)?.supervisor.status ?? [])
    return {
      podIP: this.#address?.ip,
      startTime: this.#startTime,
      initContainers: statuses(initContainers),
      containers: statuses(containers),
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
    }
  }

  #fail(error: unknown): void {
    this.#record({ type: 'Warning', reason: 'FailedCreatePodSandBox', message: messageOf(error) })
    this.#context.logger.error(`cannot run pod ${this.pod.metadata.name}`, errorFields(error))
  }

  #record(happening: ContainerRecord): void {
    this.#context.events.record(this.pod, { ...happening, component: COMPONENT })
  }
}

async function stopAll(containers: readonly PodContainer[], graceMillis: number): Promise<void> {
  await Promise.all(containers.map(({ supervisor }) => supervisor.stop(graceMillis)))
}
