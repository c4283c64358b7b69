import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SERVICES } from '../../kube/resources.ts'
import { messageOf } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { errorFields } from '../../runtime/logger.ts'
import { apiVariables, hasAccountMount, kubeconfigFile } from './api-access.ts'
import { configOfContainer, readConfig } from './config-objects.ts'
import { configChanged } from './config-watch.ts'
import type { ContainerLog } from './container-log.ts'
import { type ContainerPlan, planContainer, type Refusal } from './container-plan.ts'
import { type ContainerProcess, type OutputStream, startProcess } from './container-process.ts'
import type { Waiting } from './container-supervisor.ts'
import type { ExecGround } from './exec-probe.ts'
import { helperPath } from './helper-files.ts'
import { imageOf } from './image-annotation.ts'
import { createOutputTail, type OutputTail } from './output-tail.ts'
import {
  isSidecar,
  type OutputListener,
  type PodContainerOptions,
  type ProcessGroups,
} from './pod-container.ts'
import { explainPortClash } from './port-clash.ts'
import { findPorts } from './port-finder.ts'
import { RUN_VARIABLE } from './reaper.ts'
import { serviceVariables } from './service-variables.ts'
import { mountedPaths } from './volumes/mounted-paths.ts'
import { mountVolumes } from './volumes/mounts.ts'

/** Marks the processes of one container. */
const CONTAINER_VARIABLE = 'KISEKI_CONTAINER'
/** Where a sidecar takes the requests of its app. */
const SIDECAR_OUTBOUND_PORT = 15_001
/** Here the apps of a pod end before their sidecar: nobody comes any more when that is told to end. */
const SIDECAR_VARIABLES = { SIDECAR_DRAIN_SECONDS: '0' }
/** Between two looks at what a container cannot be without. */
const CONFIG_RETRY = { baseMillis: 500, mostMillis: 10_000 }

/** What happens to a container on this machine each time that it is started. */
export class StartedContainer {
  readonly #options: PodContainerOptions
  readonly #log: ContainerLog
  #tail: OutputTail = createOutputTail()
  #runs = 0
  #ground: ExecGround | undefined
  readonly #listeners = new Set<OutputListener>()
  /** What it takes for `/`. */
  readonly #root: string
  readonly #mounted: (text: string) => string

  constructor(options: PodContainerOptions, log: ContainerLog) {
    this.#options = options
    this.#log = log
    const { folder, container } = options
    this.#root = join(folder, 'root', container.name)
    this.#mounted = mountedPaths(container.volumeMounts ?? [], { root: this.#root, podFolder: folder })
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
    const config = await readConfig(
      context.client,
      pod().metadata.namespace ?? '',
      configOfContainer(container),
    )
    const planned = planContainer({
      pod: pod(),
      container,
      config,
      machine: context.machine,
      image: imageOf({ container, pod: pod(), resolveImage: context.resolveImage }),
      podIP: address.ip,
      ports: ports.of(container.name),
      serviceVariables: await this.#serviceVariables(),
      podVariables: this.#podVariables(),
      mounted: this.#mounted,
      inherited: context.environment,
      ...(sidecar === undefined ? {} : { sidecar }),
      ...(bindHook === undefined ? {} : { bindHook }),
    })
    return 'refused' in planned ? planned : this.#mount(planned)
  }

  async #mount(plan: ContainerPlan): Promise<ContainerPlan | Refusal> {
    const { container, volumes, folder } = this.#options
    const mounts = container.volumeMounts ?? []
    try {
      await mountVolumes({
        mounts,
        folderOf: name => volumes.folderOf(name),
        root: this.#root,
        podFolder: folder,
        env: plan.env,
      })
      return plan
    } catch (error) {
      return { refused: 'CreateContainerConfigError', message: messageOf(error) }
    }
  }

  /** ConfigMaps come later, images are added to tables. */
  async untilWorthwhile({ refusal, attempt, signal }: Waiting): Promise<void> {
    const { context, pod } = this.#options
    const { baseMillis, mostMillis } = refusal.refused === 'ErrImagePull' ? context.backoff : CONFIG_RETRY
    const millis = Math.min(baseMillis * 2 ** attempt, mostMillis)
    await configChanged(context.configs, pod().metadata.namespace ?? '', { millis, signal })
  }

  async launch(plan: ContainerPlan): Promise<ContainerProcess> {
    const { context, pod, container, folder } = this.#options
    const mark = { variable: CONTAINER_VARIABLE, value: `${pod().metadata.uid}/${container.name}` }
    this.#tail = createOutputTail()
    const endRun = this.#log.beginRun()
    this.#ground = {
      cwd: await firstFolder([...plan.folders, folder]),
      env: { ...plan.env, [RUN_VARIABLE]: context.runId, [mark.variable]: mark.value },
      mounted: this.#mounted,
    }
    const { cwd, env } = this.#ground
    const launched = startProcess({
      cwd,
      env,
      argv: plan.argv,
      mark,
      groups: this.groups,
      onOutput: (stream, piece) => this.#write(stream, piece),
    })
    const endOutput = () => this.#log.endLines().finally(endRun)
    void launched.exited.then(endOutput).catch(() => undefined)
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
      letGo: port => context.portYields.ask(port),
    })
    if (message !== undefined) record({ type: 'Warning', reason: 'PortInUse', message })
  }

  #sidecarAddress(): { readonly address: string; readonly port: number } | undefined {
    const { pod, ports } = this.#options
    const sidecar = pod().spec.containers.find(isSidecar)
    return sidecar && ports.target(sidecar, SIDECAR_OUTBOUND_PORT)
  }

  async #serviceVariables(): Promise<Readonly<Record<string, string>>> {
    const { context, pod } = this.#options
    const { metadata, spec } = pod()
    const { namespace } = metadata
    if (spec.enableServiceLinks === false || namespace === undefined) return {}
    return serviceVariables((await context.client.list(SERVICES, { namespace })).items)
  }

  listen(listener: OutputListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #podVariables(): Readonly<Record<string, string>> {
    const { context, container, folder } = this.#options
    return {
      POD_ROOT: this.#root,
      ...apiVariables(context.serviceAccounts?.server),
      ...(isSidecar(container) ? SIDECAR_VARIABLES : {}),
      ...(hasAccountMount(container) ? { KUBECONFIG: kubeconfigFile(folder) } : {}),
    }
  }

  get groups(): ProcessGroups {
    const { context, pod, container } = this.#options
    const { namespace, name } = pod().metadata
    const owner = `pod ${namespace}/${name}, container ${container.name}`
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
    for (const listener of this.#listeners) listener(stream, piece)
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
export function titleOf({ metadata }: Pod): string {
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
