import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { KubeClient, ObjectName } from '../kube/client.ts'
import type { Pod } from '../model/kubernetes.ts'
import { type Clock, createClock } from '../runtime/clock.ts'
import type { Logger } from '../runtime/logger.ts'
import { startControllers } from './controllers/controllers.ts'
import { createEventRecorder } from './event-recorder.ts'
import type { ImageCommand } from './image-command.ts'
import { createLocalKubernetes } from './kubernetes.ts'
import { type ForwardTarget, type ListenAddress, type PortForward, startPortForward } from './port-forward.ts'
import { type BackoffOptions, DEFAULT_BACKOFF } from './runner/backoff.ts'
import { createFreePorts } from './runner/free-ports.ts'
import { systemListeningSockets } from './runner/listening-sockets.ts'
import type { ReadLogOptions } from './runner/log-reader.ts'
import { type PodAddresses, systemPodAddresses } from './runner/pod-addresses.ts'
import { startPodRunner } from './runner/pod-runner.ts'
import { reapRun, startReaper } from './runner/reaper.ts'
import { lockState } from './runner/state-lock.ts'
import type { ObjectStore } from './store/object-store.ts'

export interface LocalMachineOptions {
  /** Logs, and what tells of a run that was killed. One run at a time: `KISEKI_STATE_IN_USE`. */
  readonly stateDir: string
  /** What is started in the place of an image; undefined where it is not known. */
  readonly resolveImage: (image: string) => ImageCommand | undefined
  readonly logger: Logger
  /** Sees each pod when it is created, with its defaults and name; may change it. */
  readonly admit?: (pod: Pod) => Pod
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
  /** Ends all that it started. Logs stay until the next run. */
  stop(): Promise<void>
}

const DEFAULT_LOG_BYTES = 10_000_000
const DEFAULT_STOP_MILLIS = 4000

export async function startLocalMachine(options: LocalMachineOptions): Promise<LocalMachine> {
  const { logger, helperDir } = options
  const stateDir = resolve(options.stateDir)
  const runId = randomUUID()
  const reaping = { logger, ...(helperDir === undefined ? {} : { helperDir }) }
  const lock = await lockState({
    dir: stateDir,
    runId,
    reap: abandoned => reapRun({ ...reaping, runId: abandoned }),
  })
  try {
    return await startLocked(options, { stateDir, runId, reaping, lock })
  } catch (error) {
    await lock.release()
    throw error
  }
}

interface Locked {
  readonly stateDir: string
  readonly runId: string
  readonly reaping: { readonly logger: Logger; readonly helperDir?: string }
  readonly lock: { release(): Promise<void> }
}

async function startLocked(options: LocalMachineOptions, locked: Locked): Promise<LocalMachine> {
  const { logger, resolveImage, admit, clock = createClock(), stopMillis = DEFAULT_STOP_MILLIS } = options
  const { stateDir, runId, reaping, lock } = locked
  const podsDir = await emptyFolder(join(stateDir, 'pods'))
  const now = () => clock.now()
  const { store, client } = createLocalKubernetes({ now, ...(admit === undefined ? {} : { admit }) })
  const events = createEventRecorder({ client, now, logger })
  const addresses = options.podAddresses ?? systemPodAddresses()
  const reaper = startReaper({ ...reaping, runId })
  const runner = startPodRunner({
    ...reaping,
    client,
    events,
    now,
    runId,
    reaper,
    podsDir,
    resolveImage,
    addresses,
    freePorts: createFreePorts(),
    sockets: systemListeningSockets(),
    backoff: options.backoff ?? DEFAULT_BACKOFF,
    environment: options.environment ?? process.env,
    logBytes: options.logBytes ?? DEFAULT_LOG_BYTES,
    groupOwners: new Map(),
  })
  const controllers = startControllers({ client, events, logger, now })
  const forwards = new Set<PortForward>()

  async function stopAll(): Promise<void> {
    // Nothing may be started again for what ends.
    await controllers.close()
    await Promise.all([...forwards].map(forward => forward.close()))
    await runner.stop(stopMillis)
    await events.close()
    await reaper.close()
    await addresses.close()
    await lock.release()
  }

  let stopping: Promise<void> | undefined
  return {
    client,
    store,
    readLogs: (pod, container, how) => runner.readLogs(pod, container, how),
    async forwardPort({ listen, ...target }) {
      const forward = await startPortForward({ client, logger, listen, target })
      forwards.add(forward)
      return {
        port: forward.port,
        async close() {
          forwards.delete(forward)
          await forward.close()
        },
      }
    },
    stop() {
      stopping ??= stopAll()
      return stopping
    },
  }
}

/** Pods of a former run are gone, and with them their logs. */
async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return folder
}
