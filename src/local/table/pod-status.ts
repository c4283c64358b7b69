import type { JsonObject } from '../../model/json.ts'
import { findObject, flagAt, objectAt, objectsAt, textAt, valueAt } from '../schema/json-reading.ts'
import { conditionsOf, isConditionTrue, numberAt } from './column.ts'
import { timeOf } from './human-age.ts'

/** What becomes of a pod and its containers in one line of a table. */
export interface PodSummary {
  readonly ready: number
  readonly total: number
  /** The phase, or what keeps it from being a good one: CrashLoopBackOff, Init:0/1, Terminating … */
  readonly status: string
  readonly restarts: number
  /** Milliseconds since the epoch. Absent: none was restarted. */
  readonly lastRestart?: number
}

export function summaryOf(pod: JsonObject): PodSummary {
  const init = initialization(pod)
  const initialized = init.problem === undefined || isConditionTrue(conditionsOf(pod), 'Initialized')
  const main = initialized ? containersOf(pod) : NO_CONTAINERS
  // While a pod starts, all of its init containers count; after, only those that run beside the others.
  const restarted = initialized ? [...init.sidecars, ...main.statuses] : init.statuses
  const found = main.reason ?? init.problem ?? phaseReason(pod)
  const finished = found === 'Completed' && main.ready > 0
  const runs = isConditionTrue(conditionsOf(pod), 'Ready') ? 'Running' : 'NotReady'
  const lastRestart = lastRestartOf(restarted)
  return {
    ready: init.ready + main.ready,
    total: objectsAt(objectAt(pod, 'spec'), 'containers').length + sidecarNames(pod).size,
    status: deletionReason(pod) ?? (finished ? runs : found),
    restarts: restarted.reduce((sum, status) => sum + numberAt(status, 'restartCount'), 0),
    ...(lastRestart === undefined ? {} : { lastRestart }),
  }
}

function phaseReason(pod: JsonObject): string {
  const gated = conditionsOf(pod).some(
    condition =>
      textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  )
  const status = objectAt(pod, 'status')
  return gated ? 'SchedulingGated' : textAt(status, 'reason') || textAt(status, 'phase')
}

function deletionReason(pod: JsonObject): string | undefined {
  if (valueAt(objectAt(pod, 'metadata'), 'deletionTimestamp') === undefined) return undefined
  const status = objectAt(pod, 'status')
  if (textAt(status, 'reason') === 'NodeLost') return 'Unknown'
  return ['Succeeded', 'Failed'].includes(textAt(status, 'phase')) ? undefined : 'Terminating'
}

/** Init containers that are restarted always run beside the others, as sidecars do. */
function sidecarNames(pod: JsonObject): ReadonlySet<string> {
  const containers = objectsAt(objectAt(pod, 'spec'), 'initContainers')
  return new Set(
    containers
      .filter(container => textAt(container, 'restartPolicy') === 'Always')
      .map(container => textAt(container, 'name')),
  )
}

interface Initialization {
  /** Those up to the one that is not done. */
  readonly statuses: readonly JsonObject[]
  readonly sidecars: readonly JsonObject[]
  /** How many sidecars are ready. */
  readonly ready: number
  /** Absent: it is done. */
  readonly problem?: string
}

function initialization(pod: JsonObject): Initialization {
  const sidecars = sidecarNames(pod)
  const isSidecar = (status: JsonObject): boolean => sidecars.has(textAt(status, 'name'))
  const all = objectsAt(objectAt(pod, 'status'), 'initContainerStatuses')
  const isDone = (status: JsonObject): boolean =>
    exitCode(status) === 0 || (isSidecar(status) && flagAt(status, 'started'))
  const pending = all.findIndex(status => !isDone(status))
  const statuses = pending < 0 ? all : all.slice(0, pending + 1)
  const done = pending < 0 ? all : all.slice(0, pending)
  const ready = done.filter(status => isSidecar(status) && exitCode(status) !== 0 && flagAt(status, 'ready'))
  const current = pending < 0 ? undefined : all[pending]
  const total = objectsAt(objectAt(pod, 'spec'), 'initContainers').length
  return {
    statuses,
    sidecars: statuses.filter(isSidecar),
    ready: ready.length,
    ...(current === undefined ? {} : { problem: initProblem(current, `Init:${pending}/${total}`) }),
  }
}

function initProblem(status: JsonObject, progress: string): string {
  const state = objectAt(status, 'state')
  const terminated = findObject(state, 'terminated')
  if (terminated !== undefined) return `Init:${endReason(terminated)}`
  const waiting = textAt(objectAt(state, 'waiting'), 'reason')
  return waiting === '' || waiting === 'PodInitializing' ? progress : `Init:${waiting}`
}

interface Containers {
  readonly statuses: readonly JsonObject[]
  readonly ready: number
  /** Of the first container that has one. */
  readonly reason?: string
}

const NO_CONTAINERS: Containers = { statuses: [], ready: 0 }

function containersOf(pod: JsonObject): Containers {
  const statuses = objectsAt(objectAt(pod, 'status'), 'containerStatuses')
  const reason = statuses.map(containerReason).find(one => one !== undefined)
  const ready = statuses.filter(
    status =>
      containerReason(status) === undefined &&
      flagAt(status, 'ready') &&
      findObject(objectAt(status, 'state'), 'running') !== undefined,
  )
  return { statuses, ready: ready.length, ...(reason === undefined ? {} : { reason }) }
}

function containerReason(status: JsonObject): string | undefined {
  const state = objectAt(status, 'state')
  const waiting = textAt(objectAt(state, 'waiting'), 'reason')
  if (waiting !== '') return waiting
  const terminated = findObject(state, 'terminated')
  return terminated === undefined ? undefined : endReason(terminated)
}

function endReason(terminated: JsonObject): string {
  const reason = textAt(terminated, 'reason')
  if (reason !== '') return reason
  const signal = numberAt(terminated, 'signal')
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`
}

function exitCode(status: JsonObject): number | undefined {
  const terminated = findObject(objectAt(status, 'state'), 'terminated')
  return terminated === undefined ? undefined : numberAt(terminated, 'exitCode')
}

function lastRestartOf(statuses: readonly JsonObject[]): number | undefined {
  const ends = statuses
    .map(status => timeOf(valueAt(objectAt(objectAt(status, 'lastState'), 'terminated'), 'finishedAt')))
    .filter(end => end !== undefined)
  return ends.length === 0 ? undefined : Math.max(...ends)
}
