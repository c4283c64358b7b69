import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../model/errors.ts'
import type { Container, ContainerStatus, PodSpec } from '../../model/kubernetes-pod.ts'
import { kubeTime } from '../kube-time.ts'
import type { Backoff } from './backoff.ts'
import type { ContainerPlan, Refusal } from './container-plan.ts'
import { startProbes } from './container-probes.ts'
import type { ContainerProcess } from './container-process.ts'
import {
  type ContainerRecord,
  firstStatus,
  refusalRecords,
  startRecords,
  terminated,
} from './container-state.ts'
import type { Exit } from './exit.ts'
import type { ProbedContainer } from './probe.ts'

export type RestartPolicy = NonNullable<PodSpec['restartPolicy']>

/** A container that could not be started; `attempt` counts from 0. */
export interface Waiting {
  readonly refusal: Refusal
  readonly attempt: number
  readonly signal: AbortSignal
}

export interface SupervisorOptions {
  readonly container: Container
  readonly restartPolicy: RestartPolicy
  /** Of a container that is stopped because it is not alive. */
  readonly graceMillis: number
  readonly backoff: Backoff
  readonly eagerProbeMillis: number
  /** Of the run before, if the pod is started anew. */
  readonly previous?: ContainerStatus
  /** Also when it ended well in the run before, as init containers do. */
  readonly runsAgain?: boolean
  /** Why it waits until it is started: `PodInitializing`. */
  readonly waiting: string
  /** Asked before each start. */
  readonly plan: () => Promise<ContainerPlan | Refusal>
  readonly launch: (plan: ContainerPlan) => Promise<ContainerProcess>
  readonly probed: ProbedContainer
  /** The process runs, until the signal aborts. */
  readonly running: (process: ContainerProcess, signal: AbortSignal) => void
  /** It ended by itself. */
  readonly ended: (exit: Exit) => Promise<void>
  /** Resolves when it may be worth asking for a plan again. */
  readonly refused: (wait: Waiting) => Promise<void>
  /** The status is another one. */
  readonly changed: () => void
  readonly record: (happening: ContainerRecord) => void
  /** `name=… pod=…`, as Kubernetes ends its messages. */
  readonly title: string
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** How long a person sees what is wrong with an image before the container is shown to wait. */
const PULL_ERROR_MILLIS = 2000

/** One container of a pod: started, probed, started again, stopped. */
export class ContainerSupervisor {
  readonly #options: SupervisorOptions
  readonly #stopping = new AbortController()
  readonly #settled = Promise.withResolvers<void>()
  readonly #startedUp = Promise.withResolvers<void>()
  readonly #finished = Promise.withResolvers<number | undefined>()
  #status: ContainerStatus
  #process: ContainerProcess | undefined
  #begun = false
  /** Shown when it runs again. */
  #restarts: number

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { container, previous, waiting, runsAgain = false, now } = options
    const isOver = (exitCode: number) => !runsAgain && !this.#isRestarted({ exitCode })
    this.#status = firstStatus({ container, previous, isOver, waiting, time: kubeTime(now()) })
    this.#restarts = this.#status.restartCount
  }

  get name(): string {
    return this.#status.name
  }

  get status(): ContainerStatus {
    return this.#status
  }

  /** When it is ready for the first time, or has failed for the first time, or is stopped. */
  get settled(): Promise<void> {
    return this.#settled.promise
  }

  /** When its startup probe has succeeded for the first time, or it is over with it. */
  get startedUp(): Promise<void> {
    return this.#startedUp.promise
  }

  /** When it has ended and is not started again: its exit code; undefined when it was stopped before it ran. */
  get finished(): Promise<number | undefined> {
    return this.#finished.promise
  }

  /** The group of its processes; undefined while it does not run. */
  get group(): number | undefined {
    return this.#process?.group
  }

  /** When what runs now has ended and its output is read: its exit code. Undefined at once, if nothing runs. */
  get nextEnd(): Promise<number | undefined> {
    return this.#process?.exited.then(({ exitCode }) => exitCode) ?? Promise.resolve(undefined)
  }

  start(): void {
    if (this.#begun || this.#stopping.signal.aborted) return
    this.#begun = true
    this.#set({})
    void this.#supervise()
      .catch(error => {
        this.#warn('Failed', `Error: ${messageOf(error)}`)
        return undefined
      })
      .then(exitCode => {
        this.#settled.resolve()
        this.#startedUp.resolve()
        this.#finished.resolve(exitCode)
      })
  }

  /** SIGTERM, then SIGKILL after the grace period; never again started. Called again, it may only end sooner. */
  async stop(graceMillis: number): Promise<void> {
    this.#stopping.abort()
    this.#settled.resolve()
    this.#startedUp.resolve()
    if (!this.#begun) this.#finished.resolve(undefined)
    this.#process?.stop(graceMillis)
    await this.#finished.promise
  }

  /** Ends sooner, if it is being stopped. */
  hurry(graceMillis: number): void {
    if (this.#stopping.signal.aborted) this.#process?.stop(graceMillis)
  }

  async #supervise(): Promise<number | undefined> {
    // It ended well in the run before, and for good.
    const ended = this.#status.state.terminated
    if (ended !== undefined) return ended.exitCode
    for (;;) {
      const plan = await this.#planned()
      if (plan === undefined) return undefined
      const begun = performance.now()
      const exit = await this.#run(plan)
      this.#settled.resolve()
      if (this.#stopping.signal.aborted || !this.#isRestarted(exit)) return exit.exitCode
      await this.#backOff(performance.now() - begun)
      if (this.#stopping.signal.aborted) return exit.exitCode
      this.#restarts++
    }
  }

  /** Undefined when it is stopped before there is one. */
  async #planned(): Promise<ContainerPlan | undefined> {
    const { plan, refused, record } = this.#options
    const { signal } = this.#stopping
    for (let attempt = 0; !signal.aborted; attempt++) {
      const planned = await plan()
      if (signal.aborted) return undefined
      if (!('refused' in planned)) return planned
      const { refused: reason, message } = planned
      this.#set({ state: { waiting: { reason, message } } })
      for (const happening of refusalRecords(planned, this.#options.container, attempt)) record(happening)
      this.#settled.resolve()
      if (reason === 'ErrImagePull') await this.#showPullBackOff(signal)
      await refused({ refusal: planned, attempt, signal })
    }
    return undefined
  }

  /** As the kubelet: first what is wrong, then that it waits before it tries again. */
  async #showPullBackOff(signal: AbortSignal): Promise<void> {
    await sleep(PULL_ERROR_MILLIS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const { image } = this.#options.container
    const message = `Back-off pulling image "${image}": ${this.#status.state.waiting?.message ?? ''}`
    this.#set({ state: { waiting: { reason: 'ImagePullBackOff', message } } })
    this.#options.record({ type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` })
    this.#warn('Failed', 'Error: ImagePullBackOff')
  }

  async #run(plan: ContainerPlan): Promise<Exit> {
    const { launch, ended, now } = this.#options
    const startedAt = kubeTime(now())
    const process = await launch(plan)
    this.#process = process
    // It may have been stopped while it was launched.
    if (this.#stopping.signal.aborted) process.stop(0)
    const over = new AbortController()
    if (await process.started) {
      for (const happening of startRecords(this.#options.container, plan)) this.#options.record(happening)
      this.#started(process, startedAt, over.signal)
    }
    const exit = await process.exited
    over.abort()
    this.#process = undefined
    const state = terminated(exit, startedAt, kubeTime(now()))
    this.#set({ restartCount: this.#restarts, ready: false, started: false, state })
    if (exit.problem !== undefined) this.#warn('Failed', `Error: cannot start: ${exit.problem}`)
    if (!this.#stopping.signal.aborted) await ended(exit)
    return exit
  }

  #started(process: ContainerProcess, startedAt: string, signal: AbortSignal): void {
    const { container, running, probed, eagerProbeMillis } = this.#options
    const { state } = this.#status
    const lastState = state.terminated === undefined ? this.#status.lastState : state
    const restartCount = this.#restarts
    this.#set({
      restartCount,
      state: { running: { startedAt } },
      ...(lastState === undefined ? {} : { lastState }),
    })
    running(process, signal)
    startProbes({
      container,
      probed,
      eagerMillis: eagerProbeMillis,
      signal,
      started: () => {
        this.#set({ started: true })
        this.#startedUp.resolve()
      },
      ready: ready => {
        this.#set({ ready })
        if (ready) this.#settled.resolve()
      },
      notAlive: kind => this.#restart(process, kind),
      unhealthy: message => this.#warn('Unhealthy', message),
    })
  }

  #restart(process: ContainerProcess, kind: string): void {
    const { name } = this.#options.container
    const message = `Container ${name} failed ${kind} probe, will be restarted`
    this.#options.record({ type: 'Normal', reason: 'Killing', message })
    process.stop(this.#options.graceMillis)
  }

  #isRestarted({ exitCode }: Exit): boolean {
    const { restartPolicy } = this.#options
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0)
  }

  async #backOff(ranMillis: number): Promise<void> {
    const millis = this.#options.backoff.next(ranMillis)
    if (millis === 0) return
    const lastState = this.#status.state
    const { title } = this.#options
    const message = `back-off ${millis / 1000}s restarting failed container=${title}`
    this.#set({ lastState, state: { waiting: { reason: 'CrashLoopBackOff', message } } })
    this.#warn('BackOff', `Back-off restarting failed container=${title}`)
    await sleep(millis, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }

  #warn(reason: string, message: string): void {
    this.#options.record({ type: 'Warning', reason, message })
  }

  #set(change: Partial<ContainerStatus>): void {
    this.#status = { ...this.#status, ...change }
    this.#options.changed()
  }
}
