import type { Json, JsonObject } from '../../model/json.ts'
import { listAt, objectAt, objectsAt, textAt, valueAt } from '../schema/json-reading.ts'
import { ageOf } from './human-age.ts'

/** A column of a table that the server prints (meta.k8s.io/v1 `TableColumnDefinition`), and how it is filled. */
export interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  /** `name`: clients take it for the name of the object. */
  readonly format?: string
  readonly description: string
  /** 0 is always shown, higher ones with `-o wide`. Absent: 0. */
  readonly priority?: number
  /** `now` is in microseconds since the epoch. */
  readonly cell: (object: JsonObject, now: number) => Json
}

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, the only one of its kind in its namespace.',
  cell: object => textAt(objectAt(object, 'metadata'), 'name'),
}

export const AGE: Column = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
  cell: (object, now) => ageOf(valueAt(objectAt(object, 'metadata'), 'creationTimestamp'), now),
}

/** Of kinds that have no columns of their own. */
export const CREATED_AT: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created.',
  cell: object => textAt(objectAt(object, 'metadata'), 'creationTimestamp'),
}

export function text(
  name: string,
  description: string,
  cell: (object: JsonObject, now: number) => Json,
): Column {
  return { name, type: 'string', description, cell }
}

export function integer(name: string, description: string, cell: (object: JsonObject) => number): Column {
  return { name, type: 'integer', description, cell }
}

/** Shown with `-o wide` alone. */
export function wide(column: Column): Column {
  return { ...column, priority: 1 }
}

/** Columns of whatever has a pod template. */
export const CONTAINERS: readonly Column[] = [
  wide(
    text('Containers', 'Names of the containers of the template.', object => containerCell(object, 'name')),
  ),
  wide(text('Images', 'Images of the containers of the template.', object => containerCell(object, 'image'))),
]

function containerCell(object: JsonObject, key: string): string {
  const spec = objectAt(object, 'spec')
  // A CronJob has the template of a Job, that has the template of a pod.
  const owner = Object.hasOwn(spec, 'jobTemplate') ? objectAt(objectAt(spec, 'jobTemplate'), 'spec') : spec
  const containers = objectsAt(objectAt(objectAt(owner, 'template'), 'spec'), 'containers')
  return containers.map(container => textAt(container, key)).join(',')
}

export function numberAt(object: JsonObject, key: string, absent = 0): number {
  const value = valueAt(object, key)
  return typeof value === 'number' ? value : absent
}

export function orNone(cell: string): string {
  return cell === '' ? '<none>' : cell
}

/** At most three, and how many more there are. */
export function firstThree(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(',')
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown
}

export function isConditionTrue(conditions: readonly JsonObject[], type: string): boolean {
  const condition = conditions.find(one => textAt(one, 'type') === type)
  return condition !== undefined && textAt(condition, 'status') === 'True'
}

export function conditionsOf(object: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(object, 'status'), 'conditions')
}

export function lengthAt(object: JsonObject, key: string): number {
  return listAt(object, key).length
}
