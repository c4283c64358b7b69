import type { Json, JsonObject } from '../../model/json.ts'
import { findObject, objectAt, textAt, valueAt } from '../schema/json-reading.ts'
import { type Column, NAME, numberAt, text, wide } from './column.ts'
import { ageOf } from './human-age.ts'

/** Of events of both kinds: the fields of those of events.k8s.io have other names. */
export const EVENT_COLUMNS: readonly Column[] = [
  text('Last Seen', 'Time since it happened last.', lastSeen),
  text('Type', 'Whether it is normal, or a warning.', event => textAt(event, 'type')),
  text('Reason', 'What happened, in a word.', event => textAt(event, 'reason')),
  text('Object', 'What it happened to.', event => {
    const kind = textAt(subject(event), 'kind').toLowerCase()
    const name = textAt(subject(event), 'name')
    return name === '' ? kind : `${kind}/${name}`
  }),
  wide(
    text('Subobject', 'The part of the object it happened to.', event => textAt(subject(event), 'fieldPath')),
  ),
  wide(text('Source', 'Who says so.', sourceText)),
  text('Message', 'What happened, in a sentence.', event =>
    (textAt(event, 'message') || textAt(event, 'note')).trim(),
  ),
  wide(text('First Seen', 'Time since it happened first.', firstSeen)),
  wide(text('Count', 'How often it happened.', count)),
  wide(NAME),
]

function subject(event: JsonObject): JsonObject {
  return findObject(event, 'involvedObject') ?? objectAt(event, 'regarding')
}

function firstSeen(event: JsonObject, now: number): string {
  return ageOf(
    either(event, 'firstTimestamp', 'deprecatedFirstTimestamp') ?? valueAt(event, 'eventTime'),
    now,
  )
}

/** What happened more than once is a series. */
function lastSeen(event: JsonObject, now: number): string {
  const series = findObject(event, 'series')
  if (series !== undefined) return ageOf(valueAt(series, 'lastObservedTime'), now)
  const last = either(event, 'lastTimestamp', 'deprecatedLastTimestamp')
  return last === undefined ? firstSeen(event, now) : ageOf(last, now)
}

function count(event: JsonObject): number {
  const series = findObject(event, 'series')
  if (series !== undefined) return numberAt(series, 'count')
  return numberAt(event, 'count') || numberAt(event, 'deprecatedCount') || 1
}

function sourceText(event: JsonObject): string {
  const source = findObject(event, 'source') ?? objectAt(event, 'deprecatedSource')
  const reporter = textAt(event, 'reportingComponent') || textAt(event, 'reportingController')
  const instance = textAt(source, 'host') || textAt(event, 'reportingInstance')
  return [textAt(source, 'component') || reporter, instance]
    .filter((part, at) => at === 0 || part !== '')
    .join(', ')
}

function either(event: JsonObject, name: string, otherName: string): Json | undefined {
  return valueAt(event, name) ?? valueAt(event, otherName)
}
