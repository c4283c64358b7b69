import type { ObjectName, RemoveOptions } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { failedWith } from '../../kube/kube-errors.ts'
import { PODS } from '../../kube/resources.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes.ts'
import { errorFields } from '../../runtime/logger.ts'
import { type ReadLogOptions, readLog } from './log-reader.ts'
import { PodWorker } from './pod-worker.ts'
import type { RunnerContext } from './runner-context.ts'

/** Runs the pods of the API as processes of this machine. */
export interface PodRunner {
  /** `KISEKI_NOT_FOUND` where there is no such pod, or no such container in it. */
  readLogs(pod: ObjectName, container: string, options?: ReadLogOptions): AsyncIterable<string>
  /** Ends all pods; their objects stay. */
  stop(graceMillis: number): Promise<void>
}

export function startPodRunner(context: RunnerContext): PodRunner {
  return new Runner(context)
}

class Runner implements PodRunner {
  readonly #context: RunnerContext
  readonly #workers = new Map<string, PodWorker>()
  readonly #pods: { close(): Promise<void> }
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
  }

  readLogs(pod: ObjectName, container: string, options: ReadLogOptions = {}): AsyncIterable<string> {
    const worker = [...this.#workers.values()].find(
      ({ pod: { metadata } }) => metadata.name === pod.name && metadata.namespace === pod.namespace,
    )
    if (worker === undefined) throw new KisekiError('KISEKI_NOT_FOUND', `pods "${pod.name}" not found`)
    const log = worker.log(container)
    if (log !== undefined) return readLog(log, options)
    throw new KisekiError('KISEKI_NOT_FOUND', `container ${container} is not valid for pod ${pod.name}`)
  }

  async stop(graceMillis: number): Promise<void> {
    await this.#pods.close()
    const workers = [...this.#workers.values()]
    const terminate = (some: readonly PodWorker[]) =>
      Promise.all(some.map(worker => worker.terminate(graceMillis)))
    // Sidecars drain into pods that have none, so those go last.
    await terminate(workers.filter(({ hasSidecar }) => hasSidecar))
    await terminate(workers.filter(({ hasSidecar }) => !hasSidecar))
    await Promise.all(this.#ending)
  }

  #see(pod: Pod): void {
    const { uid = '', deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata
    if (deletionTimestamp !== undefined) {
      this.#track(this.#terminate(pod, deletionGracePeriodSeconds * 1000))
    } else if (!this.#workers.has(uid) && !hasEnded(pod)) {
      this.#workers.set(uid, new PodWorker(pod, this.#context))
    }
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
