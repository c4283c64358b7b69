import type { Json, JsonObject } from '../../model/json.ts'
import { objectAt, objectsAt, textAt } from '../schema/json-reading.ts'
import { AGE, type Column, conditionsOf, isConditionTrue, NAME, orNone, text, wide } from './column.ts'
import { humanAge } from './human-age.ts'
import { summaryOf } from './pod-status.ts'

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  text('Ready', 'How many containers are ready, of how many.', pod => {
    const { ready, total } = summaryOf(pod)
    return `${ready}/${total}`
  }),
  text('Status', 'The state of the pod and its containers, in a word.', pod => summaryOf(pod).status),
  text('Restarts', 'How often containers were started again, and when last.', restartsCell),
  AGE,
  wide(text('IP', 'The address of the pod.', pod => orNone(addressOf(pod)))),
  wide(
    text('Node', 'The node that the pod is on.', pod => orNone(textAt(objectAt(pod, 'spec'), 'nodeName'))),
  ),
  wide(
    text('Nominated Node', 'The node where room is being made for the pod.', pod =>
      orNone(textAt(objectAt(pod, 'status'), 'nominatedNodeName')),
    ),
  ),
  wide(text('Readiness Gates', 'How many further conditions of readiness are met.', gatesCell)),
]

/** Of the row of a pod that ran to its end: clients may leave it out. */
export function podConditions(pod: JsonObject): readonly Json[] {
  const phase = textAt(objectAt(pod, 'status'), 'phase')
  const row = (message: string): readonly Json[] => [
    { type: 'Completed', status: 'True', reason: phase, message },
  ]
  if (phase === 'Succeeded') return row('The pod has completed successfully.')
  return phase === 'Failed' ? row('The pod failed.') : []
}

function restartsCell(pod: JsonObject, now: number): string {
  const { restarts, lastRestart } = summaryOf(pod)
  if (restarts === 0 || lastRestart === undefined) return String(restarts)
  return `${restarts} (${humanAge(now / 1000 - lastRestart)} ago)`
}

function addressOf(pod: JsonObject): string {
  const status = objectAt(pod, 'status')
  const [first = {}] = objectsAt(status, 'podIPs')
  return textAt(first, 'ip') || textAt(status, 'podIP')
}

function gatesCell(pod: JsonObject): string {
  const gates = objectsAt(objectAt(pod, 'spec'), 'readinessGates')
  const open = gates.filter(gate => isConditionTrue(conditionsOf(pod), textAt(gate, 'conditionType')))
  return gates.length === 0 ? '<none>' : `${open.length}/${gates.length}`
}
