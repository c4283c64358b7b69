import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { appliedFields } from './applied-fields.ts'
import { compareValues } from './comparison.ts'
import { difference, type FieldSet, NO_FIELDS, union } from './field-set.ts'
import type { ListTopology } from './list-topology.ts'
import { metadataOf, withoutManaged } from './managed-fields.ts'

/** Where client-side `kubectl apply` keeps what it applied, as JSON. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * What client-side `kubectl apply` wrote and nobody changed since. It is kubectl's to give away, so that
 * `kubectl apply --server-side` may take it without a conflict.
 */
export function lastAppliedFields(live: JsonObject, apiVersion: string, lists: ListTopology): FieldSet {
  const text = lastAppliedOf(live)
  const applied = text === undefined ? undefined : parseObject(text)
  if (applied?.['apiVersion'] !== apiVersion) return NO_FIELDS
  const { touched, removed } = compareValues(applied, withoutManaged(live), lists)
  return difference(appliedFields(applied, lists), union(touched, removed))
}

/** Keeps the annotation true, where there is one, so that one can go back to client-side apply. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  if (lastAppliedOf(object) === undefined) return object
  const metadata = metadataOf(object)
  const annotations = { ...annotationsOf(object), [LAST_APPLIED]: `${JSON.stringify(bare(applied))}\n` }
  return { ...object, metadata: { ...metadata, annotations } }
}

function lastAppliedOf(object: JsonObject): string | undefined {
  const text = annotationsOf(object)[LAST_APPLIED]
  return typeof text === 'string' && text !== '' ? text : undefined
}

function annotationsOf(object: JsonObject): JsonObject {
  const { annotations } = metadataOf(object)
  return isJsonObject(annotations) ? annotations : {}
}

function bare(applied: JsonObject): JsonObject {
  const metadata = metadataOf(applied)
  if (!isJsonObject(metadata['annotations'])) return applied
  const { [LAST_APPLIED]: _, ...annotations } = metadata['annotations']
  if (Object.keys(annotations).length > 0) return { ...applied, metadata: { ...metadata, annotations } }
  const { annotations: __, ...others } = metadata
  return { ...applied, metadata: others }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
