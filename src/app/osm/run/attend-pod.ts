import { nameOf } from '../../../kube/apply.ts'
import { KisekiError } from '../../../model/errors.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import type { Cluster } from '../cluster.ts'
import type { Output } from '../output.ts'
import { type FollowedLog, followLog } from './follow-log.ts'
import { podChanges } from './pod-changes.ts'
import { podProgress } from './pod-progress.ts'
import type { RunSpec } from './run-objects.ts'

export interface AttendOptions {
  readonly cluster: Pick<Cluster, 'client' | 'pods'>
  readonly run: RunSpec
  /** Leaves it when it is ready, and prints nothing of it. */
  readonly detach: boolean
  readonly output: Output
  /** Somebody wants it to end. */
  readonly signal: AbortSignal
  /** It listens, for the first time. */
  readonly ready: (pod: Pod) => Promise<void>
}

/** `asked`: it still runs, and shall end; until `stopLog` its output is printed. `left`: it runs, and may. */
export type AttendOutcome =
  | { readonly status: 'ended'; readonly exitCode: number; readonly pod: Pod; readonly toldOfClash: boolean }
  | { readonly status: 'asked'; stopLog(): Promise<void> }
  | { readonly status: 'left' }

/** How long a program may take until a person is told that it does not listen. */
const LISTEN_MILLIS = 10_000

/** Prints what the process of a run prints, until it has ended, is asked to, or may be left alone. */
export async function attendPod(options: AttendOptions): Promise<AttendOutcome> {
  const { run, signal, output } = options
  const watching = new AbortController()
  const late = setTimeout(() => output.note(notListening(run)), LISTEN_MILLIS)
  const attendance = new Attendance(options, () => clearTimeout(late))
  let outcome: AttendOutcome | undefined
  try {
    outcome = await attendance.watch(AbortSignal.any([signal, watching.signal]))
    if (outcome.status !== 'ended') return outcome
    await attendance.finishLog()
    return { ...outcome, toldOfClash: attendance.toldOfClash }
  } finally {
    clearTimeout(late)
    watching.abort()
    if (outcome?.status !== 'asked') await attendance.stopLog()
  }
}

class Attendance {
  readonly #options: AttendOptions
  readonly #listens: () => void
  #log: FollowedLog | undefined
  #uid: string | undefined
  #isReady = false

  constructor(options: AttendOptions, listens: () => void) {
    this.#options = options
    this.#listens = listens
  }

  get toldOfClash(): boolean {
    return this.#log?.toldOfClash ?? false
  }

  async finishLog(): Promise<void> {
    await this.#log?.finish()
  }

  async stopLog(): Promise<void> {
    await this.#log?.stop()
  }

  async watch(signal: AbortSignal): Promise<AttendOutcome> {
    const { cluster, run, detach } = this.#options
    const place = { namespace: run.namespace, labels: { app: run.name } }
    for await (const { pod, isGone } of podChanges(cluster.client, { ...place, signal })) {
      // One that a former try has left is none of ours.
      if (pod.metadata.deletionTimestamp !== undefined && pod.metadata.uid !== this.#uid) continue
      if (isGone && !detach) throw removed(run)
      if (isGone) continue
      const outcome = await this.#look(pod)
      if (outcome !== undefined) return outcome
    }
    return { status: 'asked', stopLog: () => this.stopLog() }
  }

  async #look(pod: Pod): Promise<AttendOutcome | undefined> {
    const { run, detach, ready } = this.#options
    const progress = podProgress(pod, run.name)
    if (progress.status === 'refused') throw cannotStart(run, progress.reason)
    if (progress.status !== 'starting') this.#follow(pod)
    if (progress.status === 'ended')
      return { status: 'ended', exitCode: progress.exitCode, pod, toldOfClash: false }
    if (progress.status !== 'ready' || this.#isReady) return undefined
    this.#isReady = true
    this.#listens()
    await ready(pod)
    return detach ? { status: 'left' } : undefined
  }

  #follow(pod: Pod): void {
    const { cluster, run, output, detach } = this.#options
    this.#uid = pod.metadata.uid
    if (detach || this.#log !== undefined) return
    this.#log = followLog({ pods: cluster.pods, pod: nameOf(pod), container: run.name, output })
  }
}

function removed({ name, namespace }: RunSpec): KisekiError {
  return new KisekiError('KISEKI_NOT_FOUND', `somebody has removed pod ${name} in namespace ${namespace}`)
}

function notListening({ name, port }: RunSpec): string {
  return `${name} does not listen on port ${port} yet; is it the right --port? $PORT tells a program where to listen.\n`
}

function cannotStart({ command }: RunSpec, reason: string): KisekiError {
  return new KisekiError('KISEKI_BAD_FLAG', `cannot start ${JSON.stringify(command[0])}: ${reason}`, {
    remedy: 'Write the command behind --, as you would type it in this folder.',
  })
}
