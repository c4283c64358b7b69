import type { Socket } from 'node:net'
import type { ObjectName, RemoveOptions } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { failedWith } from '../../kube/kube-errors.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { PODS } from '../../kube/resources.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { errorFields } from '../../runtime/logger.ts'
import { kubeTime } from '../kube-time.ts'
import { attachTo } from './container-attach.ts'
import { type ExecOptions, type ExecProcess, execIn } from './container-exec.ts'
import { type ReadLogOptions, readLog } from './log-reader.ts'
import { connectToWorker } from './pod-connection.ts'
import { PodWorker } from './pod-worker.ts'
import { lostStatus } from './resumed-pod.ts'
import type { RunnerContext } from './runner-context.ts'
import { runningContainer } from './running-container.ts'

/** Runs the pods of the API as processes of this machine. */
export interface PodRunner {
  /** `KISEKI_NOT_FOUND` where there is no such pod, or no such container in it. */
  readLogs(pod: ObjectName, container: string, options?: ReadLogOptions): AsyncIterable<string>
  /**
   * Runs a command in a container. Fails where there is no such pod or container, where it does not run, and where
   * there is no such program: `exec: "foo": executable file not found in $PATH`.
   */
  exec(
    pod: ObjectName,
    container: string | undefined,
    command: readonly string[],
    options: ExecOptions,
  ): Promise<ExecProcess>
  /** What a container prints from now on. Its standard input is not there: `stdin` fails. */
  attach(pod: ObjectName, container: string | undefined, options: ExecOptions): Promise<ExecProcess>
  /** TCP to where the pod listens for a container port, by number or name, or on any other port. */
  connect(pod: ObjectName, port: number | string): Promise<Socket>
  /** Ends all pods; their objects stay. */
  stop(graceMillis: number): Promise<void>
}

export function startPodRunner(context: RunnerContext): PodRunner {
  return new Runner(context)
}

/** Tokens end without anybody telling. */
const REFRESH_MILLIS = 60_000

class Runner implements PodRunner {
  readonly #context: RunnerContext
  readonly #workers = new Map<string, PodWorker>()
  readonly #pods: { close(): Promise<void> }
  readonly #refreshing: NodeJS.Timeout
  /** Pods that end. */
  readonly #ending = new Set<Promise<void>>()

  constructor(context: RunnerContext) {
    this.#context = context
    const pods = createInformer(context.client, PODS, { logger: context.logger })
    pods.onChange(({ type, object }) => {
      if (type === 'DELETED') this.#forget(object)
      else this.#see(object)
    })
    this.#pods = pods
    context.configs.onChange(namespace => this.#refreshVolumes(namespace))
    this.#refreshing = setInterval(() => this.#refreshVolumes(undefined), REFRESH_MILLIS)
    this.#refreshing.unref()
  }

  readLogs(pod: ObjectName, container: string, options: ReadLogOptions = {}): AsyncIterable<string> {
    const log = this.#worker(pod).container(container)?.log
    if (log !== undefined) return readLog(log, options)
    throw new KisekiError('KISEKI_NOT_FOUND', `container ${container} is not valid for pod ${pod.name}`)
  }

  async exec(
    pod: ObjectName,
    container: string | undefined,
    command: readonly string[],
    options: ExecOptions,
  ): Promise<ExecProcess> {
    return execIn(runningContainer(this.#worker(pod), container), command, options)
  }

  async attach(pod: ObjectName, container: string | undefined, options: ExecOptions): Promise<ExecProcess> {
    return attachTo(runningContainer(this.#worker(pod), container), options)
  }

  async connect(pod: ObjectName, port: number | string): Promise<Socket> {
    return connectToWorker(this.#worker(pod), port, this.#context.sockets)
  }

  async stop(graceMillis: number): Promise<void> {
    clearInterval(this.#refreshing)
    await this.#pods.close()
    await this.#context.configs.close()
    const workers = [...this.#workers.values()]
    const terminate = (some: readonly PodWorker[]) =>
      Promise.all(some.map(worker => worker.terminate(graceMillis)))
    // Sidecars drain into pods that have none, so those go last.
    await terminate(workers.filter(({ hasSidecar }) => hasSidecar))
    await terminate(workers.filter(({ hasSidecar }) => !hasSidecar))
    await Promise.all(this.#ending)
  }

  #worker(pod: ObjectName): PodWorker {
    const worker = [...this.#workers.values()].find(
      ({ pod: { metadata } }) => metadata.name === pod.name && metadata.namespace === pod.namespace,
    )
    if (worker !== undefined) return worker
    throw new KubeFailure('NotFound', `pods "${pod.name}" not found`, {
      details: { name: pod.name, kind: PODS.plural },
    })
  }

  #refreshVolumes(namespace: string | undefined): void {
    for (const worker of this.#workers.values()) {
      if (namespace === undefined || worker.pod.metadata.namespace === namespace) worker.refreshVolumes()
    }
  }

  #see(pod: Pod): void {
    const { uid = '', deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata
    const worker = this.#workers.get(uid)
    if (deletionTimestamp !== undefined) {
      this.#track(this.#terminate(pod, deletionGracePeriodSeconds * 1000))
    } else if (worker !== undefined) {
      worker.see(pod)
    } else if (!hasEnded(pod)) {
      this.#begin(uid, pod)
    }
  }

  #begin(uid: string, pod: Pod): void {
    const lost = lostStatus(pod, kubeTime(this.#context.now()))
    if (lost === undefined) this.#workers.set(uid, new PodWorker(pod, this.#context))
    else this.#track(this.#write(pod, lost))
  }

  async #write(pod: Pod, status: NonNullable<Pod['status']>): Promise<void> {
    const { uid } = pod.metadata
    await this.#context.client.patch(
      PODS,
      pod.metadata,
      { status, metadata: { uid } },
      { subresource: 'status' },
    )
  }

  async #terminate(pod: Pod, graceMillis: number): Promise<void> {
    const { uid } = pod.metadata
    await this.#workers.get(uid ?? '')?.terminate(graceMillis)
    const now: RemoveOptions = { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { uid }) }
    try {
      await this.#context.client.remove(PODS, pod.metadata, now)
    } catch (error) {
      if (!failedWith(error, 'KISEKI_NOT_FOUND') && !failedWith(error, 'KISEKI_CONFLICT')) throw error
    }
  }

  /** Also of a pod that was removed with force: nobody waits for it any more. */
  #forget(pod: Pod): void {
    const { uid = '' } = pod.metadata
    const worker = this.#workers.get(uid)
    if (worker === undefined) return
    const end = async () => {
      await worker.terminate(0)
      this.#workers.delete(uid)
      await worker.removeFolder()
    }
    this.#track(end())
  }

  #track(ending: Promise<void>): void {
    const tracked = ending
      .catch(error => this.#context.logger.error('a pod could not be ended', errorFields(error)))
      .finally(() => this.#ending.delete(tracked))
    this.#ending.add(tracked)
  }
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
