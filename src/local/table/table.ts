import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { valueAt } from '../schema/json-reading.ts'
import type { Column } from './column.ts'
import { podConditions } from './pod-columns.ts'

/** How much of an object goes with its row (query parameter `includeObject`); `Metadata` is the default there. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface TableOptions {
  readonly objects: readonly KubeObject[]
  readonly columns: readonly Column[]
  /** Microseconds since the epoch; ages are counted from there. */
  readonly now: number
  readonly includeObject: IncludeObject
  /** Of the list, or of the one object. */
  readonly resourceVersion?: string
  /** Absent: true. In a watch only the first table has them. */
  readonly withColumnDefinitions?: boolean
}

/**
 * Objects as a table, the answer to `Accept: application/json;as=Table;v=v1;g=meta.k8s.io`
 * (kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables). Columns of every priority
 * are in it; which of them are shown, the client decides.
 */
export function tableOf(options: TableOptions): JsonObject {
  const { columns, objects, resourceVersion, withColumnDefinitions = true } = options
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: resourceVersion === undefined ? {} : { resourceVersion },
    columnDefinitions: withColumnDefinitions ? columns.map(definitionOf) : null,
    rows: objects.map(object => rowOf(object, options)),
  }
}

function definitionOf({ name, type, format = '', description, priority = 0 }: Column): JsonObject {
  return { name, type, format, description, priority }
}

function rowOf(object: unknown, { columns, now, includeObject }: TableOptions): JsonObject {
  const content = isJsonObject(object) ? object : {}
  const conditions = isPod(content) ? podConditions(content) : []
  return {
    cells: columns.map(column => column.cell(content, now)),
    ...(conditions.length === 0 ? {} : { conditions }),
    object: shownObject(content, includeObject),
  }
}

function isPod(object: JsonObject): boolean {
  return valueAt(object, 'kind') === 'Pod' && valueAt(object, 'apiVersion') === 'v1'
}

function shownObject(object: JsonObject, includeObject: IncludeObject): Json {
  if (includeObject === 'None') return null
  if (includeObject === 'Object') return object
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: valueAt(object, 'metadata') ?? {},
  }
}
