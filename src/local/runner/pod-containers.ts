import type { Container, ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import { createPodContainer } from './container-creation.ts'
import type { ContainerRecord } from './container-state.ts'
import type { RestartPolicy } from './container-supervisor.ts'
import type { PodAddress } from './pod-addresses.ts'
import { isSidecar, type PodContainer } from './pod-container.ts'
import type { PodPorts } from './pod-ports.ts'
import type { RunnerContext } from './runner-context.ts'
import type { PodVolumes } from './volumes/pod-volumes.ts'

export interface PodContainersOptions {
  readonly context: RunnerContext
  /** As it is now. */
  readonly pod: () => Pod
  readonly address: PodAddress
  readonly ports: PodPorts
  readonly volumes: PodVolumes
  readonly folder: string
  /** Of a container in the run before, if the pod is started anew. */
  readonly previous: (container: string) => ContainerStatus | undefined
  readonly changed: () => void
  readonly portsChanged: () => void
  readonly record: (happening: ContainerRecord) => void
}

export type Outcome = 'Succeeded' | 'Failed'

const DEFAULT_GRACE_SECONDS = 30
/** What a sidecar has to drain, however long its apps took. */
export const LEAST_SIDECAR_MILLIS = 2000

/** An init container that stays (kubernetes.io/docs/concepts/workloads/pods/sidecar-containers). */
export function staysRunning({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}

/** The containers of one pod, in the order in which they start and end. */
export interface PodContainers {
  readonly all: readonly PodContainer[]
  /** Resolves when the apps are started; with an outcome, if the pod has ended before. */
  start(signal: AbortSignal): Promise<Outcome | undefined>
  /** When the apps have ended for good. */
  readonly finished: Promise<Outcome>
  /** Apps first, then those that they need, so that these can drain. `millisLeft` is asked before each step. */
  stop(millisLeft: (least: number) => number): Promise<void>
}

export async function createPodContainers(options: PodContainersOptions): Promise<PodContainers> {
  const { containers, initContainers = [], restartPolicy = 'Always' } = options.pod().spec
  const create = (each: readonly Container[], policy: (container: Container) => RestartPolicy) =>
    Promise.all(each.map(container => createOne(options, container, policy(container))))
  const isApp = (container: Container) => !isSidecar(container)
  const initPolicy = restartPolicy === 'Never' ? 'Never' : 'OnFailure'
  return new OrderedContainers({
    sidecars: await create(containers.filter(isSidecar), () => restartPolicy),
    inits: await create(initContainers, container => (staysRunning(container) ? 'Always' : initPolicy)),
    apps: await create(containers.filter(isApp), () => restartPolicy),
    staying: new Set(initContainers.filter(staysRunning).map(({ name }) => name)),
  })
}

function createOne(
  options: PodContainersOptions,
  container: Container,
  restartPolicy: RestartPolicy,
): Promise<PodContainer> {
  const { pod, previous: previousOf, ...shared } = options
  const { terminationGracePeriodSeconds = DEFAULT_GRACE_SECONDS, initContainers = [] } = pod().spec
  const previous = previousOf(container.name)
  return createPodContainer({
    ...shared,
    pod,
    container,
    restartPolicy,
    ...(previous === undefined ? {} : { previous }),
    runsAgain: initContainers.includes(container),
    waiting: waitingReason(pod()),
    graceMillis: terminationGracePeriodSeconds * 1000,
  })
}

export function waitingReason({ spec }: Pod): string {
  return (spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating'
}

interface Ordered {
  /** Of the mesh: what starts after it has its requests recorded. */
  readonly sidecars: readonly PodContainer[]
  readonly inits: readonly PodContainer[]
  readonly apps: readonly PodContainer[]
  /** Names of init containers that stay. */
  readonly staying: ReadonlySet<string>
}

class OrderedContainers implements PodContainers {
  readonly #ordered: Ordered

  constructor(ordered: Ordered) {
    this.#ordered = ordered
  }

  get all(): readonly PodContainer[] {
    const { inits, apps, sidecars } = this.#ordered
    return [...inits, ...apps, ...sidecars]
  }

  get finished(): Promise<Outcome> {
    const { apps } = this.#ordered
    // A pod that has nothing but its sidecar is there for it.
    if (apps.length === 0) return new Promise(() => undefined)
    return Promise.all(apps.map(({ supervisor }) => supervisor.finished)).then(exitCodes =>
      exitCodes.every(code => code === 0) ? 'Succeeded' : 'Failed',
    )
  }

  /** A sidecar that fails holds nobody up. */
  async start(signal: AbortSignal): Promise<Outcome | undefined> {
    const { sidecars, inits, apps } = this.#ordered
    for (const { supervisor } of sidecars) supervisor.start()
    await Promise.all(sidecars.map(({ supervisor }) => supervisor.settled))
    for (const init of inits) {
      if (signal.aborted) return undefined
      if ((await this.#initialize(init)) === 'failed' && !signal.aborted) return 'Failed'
    }
    if (signal.aborted) return undefined
    for (const { supervisor } of apps) supervisor.start()
    return undefined
  }

  async stop(millisLeft: (least: number) => number): Promise<void> {
    const { sidecars, inits, apps } = this.#ordered
    const forced = millisLeft(0) === 0
    const sidecarMillis = () => (forced ? 0 : millisLeft(LEAST_SIDECAR_MILLIS))
    await stopAll([...apps, ...inits.filter(init => !this.#stays(init))], millisLeft(0))
    for (const init of inits.filter(each => this.#stays(each)).reverse())
      await stopAll([init], sidecarMillis())
    await stopAll(sidecars, sidecarMillis())
  }

  async #initialize(init: PodContainer): Promise<'done' | 'failed'> {
    const { supervisor } = init
    supervisor.start()
    if (!this.#stays(init)) return (await supervisor.finished) === 0 ? 'done' : 'failed'
    await supervisor.startedUp
    return 'done'
  }

  #stays({ supervisor }: PodContainer): boolean {
    return this.#ordered.staying.has(supervisor.name)
  }
}

async function stopAll(containers: readonly PodContainer[], graceMillis: number): Promise<void> {
  await Promise.all(containers.map(({ supervisor }) => supervisor.stop(graceMillis)))
}
