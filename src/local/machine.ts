import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import type { KubeClient, ObjectName } from '../kube/client.ts'
import { PODS } from '../kube/resources.ts'
import { type Clock, createClock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import { startControllers } from './controllers/controllers.ts'
import { createEventRecorder } from './event-recorder.ts'
import type { ImageCommand } from './image-command.ts'
import { createLocalKubernetes, type LocalKubernetes } from './kubernetes.ts'
import { type ForwardTarget, type ListenAddress, type PortForward, startPortForward } from './port-forward.ts'
import { createPortYields } from './port-yields.ts'
import { type BackoffOptions, DEFAULT_BACKOFF } from './runner/backoff.ts'
import { watchConfig } from './runner/config-watch.ts'
import type { ExecOptions, ExecProcess } from './runner/container-exec.ts'
import { createFreePorts } from './runner/free-ports.ts'
import { systemListeningSockets } from './runner/listening-sockets.ts'
import type { ReadLogOptions } from './runner/log-reader.ts'
import { type PodAddresses, systemPodAddresses } from './runner/pod-addresses.ts'
import { tidyPodFolders } from './runner/pod-folders.ts'
import { startPodRunner } from './runner/pod-runner.ts'
import { reapRun, startReaper } from './runner/reaper.ts'
import type { RunnerContext } from './runner/runner-context.ts'
import { lockState, type StateLock } from './runner/state-lock.ts'
import type { ServiceAccounts } from './service-accounts.ts'
import type { ObjectStore } from './store/object-store.ts'

export interface LocalMachineOptions {
  /** Logs, and what tells of a run that was killed. One run at a time: `KISEKI_STATE_IN_USE`. */
  readonly stateDir: string
  /** What is started in the place of an image; undefined where it is not known. */
  readonly resolveImage: (image: string) => ImageCommand | undefined
  readonly logger: Logger
  /**
   * The API whose pods are run; its pods of a former run are started anew, as after the restart of a node. Absent: a
   * new one.
   */
  readonly kubernetes?: LocalKubernetes
  /** Lets pods speak to the API. Absent: they get no tokens. With `kubernetes`, that must mount them. */
  readonly serviceAccounts?: ServiceAccounts
  readonly clock?: Clock
  /** Between restarts of a container. Default: Kubernetes', 10 s to 5 min. */
  readonly backoff?: BackoffOptions
  /** Default: 127.64.0.0/16 on Linux. */
  readonly podAddresses?: PodAddresses
  /** Where the plain files are that other processes run, when this is bundled: `reaper.mjs`, `bind-hook.cjs`. */
  readonly helperDir?: string
  /** Containers get PATH, HOME and the like from it. Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Of a container; the file before is kept too. Default 10 MB. */
  readonly logBytes?: number
  /** For pods to end when the machine is stopped, first those with a sidecar, then the others. Default 4000 each. */
  readonly stopMillis?: number
}

/** A small Kubernetes whose pods are processes of this machine. */
export interface LocalMachine {
  readonly client: KubeClient
  readonly store: ObjectStore
  /** The lines that a container printed. `KISEKI_NOT_FOUND` where there is no such pod or container. */
  readLogs(pod: ObjectName, container: string, options?: ReadLogOptions): AsyncIterable<string>
  /** TCP from an address of this machine to the pods of the target, as they come and go. */
  forwardPort(forward: { readonly listen: ListenAddress } & ForwardTarget): Promise<PortForward>
  /**
   * Runs a command in a container, with its environment and in its folder. Absent: the only container. A command that
   * is not there fails: `exec: "foo": executable file not found in $PATH`.
   */
  execInContainer(
    pod: ObjectName,
    container: string | undefined,
    command: readonly string[],
    options: ExecOptions,
  ): Promise<ExecProcess>
  /** What a container prints from now on. Its standard input cannot be attached to. */
  attachToContainer(
    pod: ObjectName,
    container: string | undefined,
    options: ExecOptions,
  ): Promise<ExecProcess>
  /** TCP to where a pod really listens for a container port, by number or name, or for any other port. */
  connectToPod(pod: ObjectName, port: number | string): Promise<Socket>
  /** Ends all that it started. Logs stay until the next run. */
  stop(): Promise<void>
}

const DEFAULT_LOG_BYTES = 10_000_000
const DEFAULT_STOP_MILLIS = 4000

export async function startLocalMachine(options: LocalMachineOptions): Promise<LocalMachine> {
  const locked = await lockMachine(options)
  const { release } = locked.lock
  try {
    const machine = await runMachine(options, locked)
    const stopped = once(() => machine.stop().then(release))
    return { ...machine, stop: stopped }
  } catch (error) {
    await release()
    throw error
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work()
    return running
  }
}

/** A state folder that is this run's alone. */
export interface LockedMachine {
  readonly stateDir: string
  readonly runId: string
  readonly lock: StateLock
}

/** Takes the state folder, and ends what a former run left behind. `KISEKI_STATE_IN_USE` where somebody else has it. */
export async function lockMachine(
  options: Pick<LocalMachineOptions, 'stateDir' | 'logger' | 'helperDir'>,
): Promise<LockedMachine> {
  const stateDir = resolve(options.stateDir)
  const runId = randomUUID()
  const reap = (abandoned: string) => reapRun({ ...reapingOf(options), runId: abandoned })
  return { stateDir, runId, lock: await lockState({ dir: stateDir, runId, reap }) }
}

function reapingOf({ logger, helperDir }: Pick<LocalMachineOptions, 'logger' | 'helperDir'>): {
  readonly logger: Logger
  readonly helperDir?: string
} {
  return { logger, ...(helperDir === undefined ? {} : { helperDir }) }
}

/** As `startLocalMachine`, in a folder that was taken before, and stays so. */
export async function runMachine(options: LocalMachineOptions, locked: LockedMachine): Promise<LocalMachine> {
  const { logger, serviceAccounts, clock = createClock(), stopMillis = DEFAULT_STOP_MILLIS } = options
  const { stateDir, runId } = locked
  const reaping = reapingOf(options)
  const now = () => clock.now()
  const { store, client } = options.kubernetes ?? newKubernetes(options, now)
  const podsDir = join(stateDir, 'pods')
  await tidyPodFolders(podsDir, store.list(PODS).items)
  const events = createEventRecorder({ client, now, logger })
  const addresses = options.podAddresses ?? systemPodAddresses()
  const reaper = startReaper({ ...reaping, runId })
  const portYields = createPortYields()
  const run = { ...reaping, client, events, now, runId, reaper, podsDir, addresses, portYields }
  const runner = startPodRunner(runnerContext(options, run))
  const caPem = serviceAccounts === undefined ? {} : { caPem: serviceAccounts.caPem }
  const controllers = startControllers({ client, events, logger, now, portYields, ...caPem })
  const forwards = createForwards({ client, logger })

  async function stopAll(): Promise<void> {
    // Nothing may be started again for what ends.
    await controllers.close()
    await forwards.close()
    await runner.stop(stopMillis)
    await events.close()
    await reaper.close()
    await addresses.close()
  }

  return {
    client,
    store,
    readLogs: (pod, container, how) => runner.readLogs(pod, container, how),
    execInContainer: (pod, container, command, how) => runner.exec(pod, container, command, how),
    attachToContainer: (pod, container, how) => runner.attach(pod, container, how),
    connectToPod: (pod, port) => runner.connect(pod, port),
    forwardPort: forwards.start,
    stop: once(stopAll),
  }
}

function newKubernetes({ serviceAccounts }: LocalMachineOptions, now: () => number): LocalKubernetes {
  return createLocalKubernetes({ now, mountServiceAccounts: serviceAccounts !== undefined })
}

type Run = Pick<
  RunnerContext,
  | 'client'
  | 'events'
  | 'logger'
  | 'now'
  | 'runId'
  | 'reaper'
  | 'podsDir'
  | 'addresses'
  | 'helperDir'
  | 'portYields'
>

function runnerContext(options: LocalMachineOptions, run: Run): RunnerContext {
  const { resolveImage, serviceAccounts } = options
  return {
    ...run,
    resolveImage,
    ...(serviceAccounts === undefined ? {} : { serviceAccounts }),
    configs: watchConfig(run.client, { logger: run.logger }),
    machine: { cpu: String(availableParallelism()), memory: String(totalmem()) },
    freePorts: createFreePorts(),
    sockets: systemListeningSockets(),
    backoff: options.backoff ?? DEFAULT_BACKOFF,
    environment: options.environment ?? process.env,
    logBytes: options.logBytes ?? DEFAULT_LOG_BYTES,
    groupOwners: new Map(),
  }
}

interface Forwards {
  readonly start: LocalMachine['forwardPort']
  close(): Promise<void>
}

function createForwards(shared: { readonly client: KubeClient; readonly logger: Logger }): Forwards {
  const open = new Set<PortForward>()
  return {
    async start({ listen, ...target }) {
      const forward = await startPortForward({ ...shared, listen, target })
      open.add(forward)
      return {
        port: forward.port,
        async close() {
          open.delete(forward)
          await forward.close()
        },
      }
    },
    async close() {
      await Promise.all([...open].map(forward => forward.close()))
    },
  }
}
