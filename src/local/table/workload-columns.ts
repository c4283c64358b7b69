import type { JsonObject } from '../../model/json.ts'
import { findObject, flagAt, objectAt, textAt, valueAt } from '../schema/json-reading.ts'
import {
  AGE,
  CONTAINERS,
  type Column,
  conditionsOf,
  integer,
  isConditionTrue,
  lengthAt,
  NAME,
  numberAt,
  orNone,
  text,
  wide,
} from './column.ts'
import { ageOf, humanAge, timeOf } from './human-age.ts'
import { labelsText, selectorText } from './label-texts.ts'

const spec = (object: JsonObject): JsonObject => objectAt(object, 'spec')
const status = (object: JsonObject): JsonObject => objectAt(object, 'status')
const readyOf = (object: JsonObject): string =>
  `${numberAt(status(object), 'readyReplicas')}/${numberAt(spec(object), 'replicas', 1)}`

const READY = text('Ready', 'How many pods are ready, of how many.', readyOf)
const SELECTOR = wide(
  text('Selector', 'Labels of the pods.', object => orNone(selectorText(selectorOf(object)))),
)

export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  NAME,
  READY,
  text('Up-to-date', 'How many pods have the present template.', object =>
    numberAt(status(object), 'updatedReplicas'),
  ),
  text('Available', 'How many pods have been ready for long enough.', object =>
    numberAt(status(object), 'availableReplicas'),
  ),
  AGE,
  ...CONTAINERS,
  wide(text('Selector', 'Labels of the pods.', object => selectorText(selectorOf(object)))),
]

export const REPLICA_SET_COLUMNS: readonly Column[] = [
  NAME,
  integer('Desired', 'How many pods there should be.', object => numberAt(spec(object), 'replicas', 1)),
  integer('Current', 'How many pods there are.', object => numberAt(status(object), 'replicas')),
  integer('Ready', 'How many pods are ready.', object => numberAt(status(object), 'readyReplicas')),
  AGE,
  ...CONTAINERS,
  SELECTOR,
]

export const STATEFUL_SET_COLUMNS: readonly Column[] = [NAME, READY, AGE, ...CONTAINERS]

export const DAEMON_SET_COLUMNS: readonly Column[] = [
  NAME,
  integer('Desired', 'How many nodes should run a pod.', object =>
    numberAt(status(object), 'desiredNumberScheduled'),
  ),
  integer('Current', 'How many nodes run a pod as they should.', object =>
    numberAt(status(object), 'currentNumberScheduled'),
  ),
  integer('Ready', 'How many pods are ready.', object => numberAt(status(object), 'numberReady')),
  integer('Up-to-date', 'How many pods have the present template.', object =>
    numberAt(status(object), 'updatedNumberScheduled'),
  ),
  integer('Available', 'How many pods have been ready for long enough.', object =>
    numberAt(status(object), 'numberAvailable'),
  ),
  text('Node Selector', 'Labels of the nodes.', object =>
    labelsText(objectAt(objectAt(objectAt(spec(object), 'template'), 'spec'), 'nodeSelector')),
  ),
  AGE,
  ...CONTAINERS,
  SELECTOR,
]

export const JOB_COLUMNS: readonly Column[] = [
  NAME,
  text('Status', 'What becomes of the job.', jobStatus),
  text('Completions', 'How many pods succeeded, of how many.', completions),
  text('Duration', 'How long the job has been running, or ran.', jobDuration),
  AGE,
  ...CONTAINERS,
  SELECTOR,
]

export const CRON_JOB_COLUMNS: readonly Column[] = [
  NAME,
  text('Schedule', 'When jobs are made, as cron has it.', object => textAt(spec(object), 'schedule')),
  text('Timezone', 'The time zone of the schedule.', object => orNone(textAt(spec(object), 'timeZone'))),
  { ...text('Suspend', 'Whether no jobs are made for now.', suspendCell), type: 'boolean' },
  integer('Active', 'How many jobs run.', object => lengthAt(status(object), 'active')),
  text('Last Schedule', 'Time since a job was last made.', (object, now) =>
    valueAt(status(object), 'lastScheduleTime') === undefined
      ? '<none>'
      : ageOf(valueAt(status(object), 'lastScheduleTime'), now),
  ),
  AGE,
  ...CONTAINERS,
  SELECTOR,
]

/** That of a CronJob is in the template of its jobs. */
function selectorOf(object: JsonObject): JsonObject {
  const template = findObject(spec(object), 'jobTemplate')
  return objectAt(template === undefined ? spec(object) : objectAt(template, 'spec'), 'selector')
}

function suspendCell(object: JsonObject): string {
  if (valueAt(spec(object), 'suspend') === undefined) return '<unset>'
  return flagAt(spec(object), 'suspend') ? 'True' : 'False'
}

function jobStatus(job: JsonObject): string {
  const isTrue = (type: string): boolean => isConditionTrue(conditionsOf(job), type)
  if (isTrue('Complete')) return 'Complete'
  if (isTrue('Failed')) return 'Failed'
  if (valueAt(objectAt(job, 'metadata'), 'deletionTimestamp') !== undefined) return 'Terminating'
  if (isTrue('Suspended')) return 'Suspended'
  return isTrue('FailureTarget') ? 'FailureTarget' : 'Running'
}

function completions(job: JsonObject): string {
  const succeeded = numberAt(status(job), 'succeeded')
  if (valueAt(spec(job), 'completions') !== undefined) {
    return `${succeeded}/${numberAt(spec(job), 'completions')}`
  }
  const parallelism = numberAt(spec(job), 'parallelism')
  return `${succeeded}/1${parallelism > 1 ? ` of ${parallelism}` : ''}`
}

function jobDuration(job: JsonObject, now: number): string {
  const start = timeOf(valueAt(status(job), 'startTime'))
  if (start === undefined) return ''
  return humanAge((timeOf(valueAt(status(job), 'completionTime')) ?? now / 1000) - start)
}
