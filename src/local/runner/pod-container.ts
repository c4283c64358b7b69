import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SERVICES } from '../../kube/resources.ts'
import { SIDECAR_CONTAINER } from '../../mesh/well-known-names.ts'
import type { Container, Pod } from '../../model/kubernetes.ts'
import { errorFields } from '../../runtime/logger.ts'
import { createBackoff } from './backoff.ts'
import { type ContainerLog, openContainerLog } from './container-log.ts'
import { type ContainerPlan, planContainer, type Refusal } from './container-plan.ts'
import { type ContainerProcess, type OutputStream, startProcess } from './container-process.ts'
import { type ContainerRecord, ContainerSupervisor, type RestartPolicy } from './container-supervisor.ts'
import type { ExecGround } from './exec-probe.ts'
import { helperPath } from './helper-files.ts'
import { createOutputTail, type OutputTail } from './output-tail.ts'
import type { PodAddress } from './pod-addresses.ts'
import type { PodPorts } from './pod-ports.ts'
import { explainPortClash } from './port-clash.ts'
import { findPorts } from './port-finder.ts'
import { RUN_VARIABLE } from './reaper.ts'
import type { RunnerContext } from './runner-context.ts'
import { serviceVariables } from './service-variables.ts'

/** Marks the processes of one container. */
const CONTAINER_VARIABLE = 'KISEKI_CONTAINER'
/** Where a sidecar takes the requests of its app. */
const SIDECAR_OUTBOUND_PORT = 15_001
/** Between two probes before the first success. */
const EAGER_PROBE_MILLIS = 100

export interface PodContainerOptions {
  readonly context: RunnerContext
  readonly pod: Pod
  readonly container: Container
  readonly restartPolicy: RestartPolicy
  readonly address: PodAddress
  readonly ports: PodPorts
  /** The pod's own: programs run in it, logs are in it. */
  readonly folder: string
  readonly graceMillis: number
  readonly changed: () => void
  readonly portsChanged: () => void
  readonly record: (happening: ContainerRecord) => void
}

/** A container of a pod on this machine: its supervisor and its log. */
export interface PodContainer {
  readonly supervisor: ContainerSupervisor
  readonly log: ContainerLog
}

export function isSidecar({ name }: Container): boolean {
  return name === SIDECAR_CONTAINER
}

export async function createPodContainer(options: PodContainerOptions): Promise<PodContainer> {
  const { context, container, folder, changed, record, restartPolicy, graceMillis } = options
  const log = await openContainerLog({
    file: join(folder, `${container.name}.log`),
    maxBytes: context.logBytes,
    now: context.now,
  })
  const started = new StartedContainer(options, log)
  const supervisor = new ContainerSupervisor({
    container,
    restartPolicy,
    graceMillis,
    backoff: createBackoff(context.backoff),
    eagerProbeMillis: EAGER_PROBE_MILLIS,
    plan: () => started.plan(),
    launch: plan => started.launch(plan),
    probed: { target: port => options.ports.target(container, port), ground: () => started.ground },
    running: (process, signal) => started.running(process, signal),
    ended: () => started.explain(),
    changed,
    record,
    title: `${container.name} pod=${titleOf(options.pod)}`,
    now: context.now,
  })
  return { supervisor, log }
}

class StartedContainer {
  readonly #options: PodContainerOptions
  readonly #log: ContainerLog
  #tail: OutputTail = createOutputTail()
  #runs = 0
  #ground: ExecGround | undefined

  constructor(options: PodContainerOptions, log: ContainerLog) {
    this.#options = options
    this.#log = log
  }

  get ground(): ExecGround | undefined {
    return this.#ground
  }

  async plan(): Promise<ContainerPlan | Refusal> {
    const { context, pod, container, address, ports, portsChanged } = this.#options
    const again = this.#runs++ > 0
    if (again && (await ports.renew(container.name))) portsChanged()
    const app = !isSidecar(container)
    const sidecar = app ? this.#sidecarAddress() : undefined
    const bindHook = app ? helperPath('bind-hook.cjs', context.helperDir) : undefined
    return planContainer({
      pod,
      container,
      image: context.resolveImage(container.image),
      podIP: address.ip,
      ports: ports.of(container.name),
      serviceVariables: await this.#serviceVariables(),
      inherited: context.environment,
      ...(sidecar === undefined ? {} : { sidecar }),
      ...(bindHook === undefined ? {} : { bindHook }),
    })
  }

  async launch(plan: ContainerPlan): Promise<ContainerProcess> {
    const { context, pod, container, folder } = this.#options
    const mark = { variable: CONTAINER_VARIABLE, value: `${pod.metadata.uid}/${container.name}` }
    this.#tail = createOutputTail()
    this.#ground = {
      cwd: await firstFolder([...plan.folders, folder]),
      env: { ...plan.env, [RUN_VARIABLE]: context.runId, [mark.variable]: mark.value },
    }
    const launched = startProcess({
      ...this.#ground,
      argv: plan.argv,
      mark,
      groups: this.#groups(),
      onOutput: (stream, piece) => this.#write(stream, piece),
    })
    void launched.exited.then(() => this.#log.endLines()).catch(() => undefined)
    return launched
  }

  running({ group }: ContainerProcess, signal: AbortSignal): void {
    const { context, container, address, ports, portsChanged } = this.#options
    if (context.sockets === undefined || group === undefined) return
    void findPorts({
      sockets: context.sockets,
      podAddress: address.ip,
      ports: ports.of(container.name),
      group,
      signal,
      found: (containerPort, at) => {
        if (ports.move(containerPort, at)) portsChanged()
      },
    })
  }

  /** Tells a person what only the output of the program tells. */
  async explain(): Promise<void> {
    const { context, container, record } = this.#options
    const message = await explainPortClash({
      output: this.#tail.text(),
      ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
      sockets: context.sockets,
      ownerOf: group => context.groupOwners.get(group),
    })
    if (message !== undefined) record({ type: 'Warning', reason: 'PortInUse', message })
  }

  #sidecarAddress(): { readonly address: string; readonly port: number } | undefined {
    const { pod, ports } = this.#options
    const sidecar = pod.spec.containers.find(isSidecar)
    return sidecar && ports.target(sidecar, SIDECAR_OUTBOUND_PORT)
  }

  async #serviceVariables(): Promise<Readonly<Record<string, string>>> {
    const { context, pod } = this.#options
    const { namespace } = pod.metadata
    if (pod.spec.enableServiceLinks === false || namespace === undefined) return {}
    return serviceVariables((await context.client.list(SERVICES, { namespace })).items)
  }

  #groups(): { add(group: number): void; remove(group: number): void } {
    const { context, pod, container } = this.#options
    const owner = `pod ${pod.metadata.namespace}/${pod.metadata.name}, container ${container.name}`
    return {
      add(group) {
        context.reaper.add(group)
        context.groupOwners.set(group, owner)
      },
      remove(group) {
        context.reaper.remove(group)
        context.groupOwners.delete(group)
      },
    }
  }

  async #write(stream: OutputStream, piece: Buffer): Promise<void> {
    this.#tail.push(piece)
    try {
      await this.#log.write(stream, piece)
    } catch (error) {
      // A full disk must not end the app: what it prints is lost, and said to be.
      const fields = {
        file: this.#log.file,
        bytes: piece.length,
        reason: 'cannot-write',
        ...errorFields(error),
      }
      this.#options.context.logger.warn('output of a container is dropped', fields)
    }
  }
}

/** As Kubernetes names pods in messages. */
function titleOf({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`
}

/** Manifests name folders of images, which need not be on this machine. */
async function firstFolder(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined)
    if (found?.isDirectory()) return folder
  }
  return '/'
}
