import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { decodeFieldSet, encodeFieldSet, type FieldSet, isEmptySet, isSameSet } from './field-set.ts'

/** Who says so, and by which endpoint. */
export interface ManagerName {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  /** Absent for the object itself. */
  readonly subresource?: string
}

/** An entry of `metadata.managedFields`. */
export interface ManagedEntry extends ManagerName {
  /** As Kubernetes writes times; somebody may have left it out. */
  readonly time?: string
  readonly fields: FieldSet
}

/** By `managerId`. */
export type ManagedEntries = ReadonlyMap<string, ManagedEntry>

/** Those who apply are the same in every version of the kind, those who update are not. */
export function managerId({ manager, operation, apiVersion, subresource = '' }: ManagerName): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource])
}

/** The entries of an object. Clients may write them, so that what cannot be read is left out. */
export function managedEntries(object: JsonObject | undefined): ManagedEntries {
  const { managedFields } = metadataOf(object)
  const entries = Array.isArray(managedFields) ? managedFields.flatMap(parseEntry) : []
  return new Map(entries.map(entry => [managerId(entry), entry]))
}

export function metadataOf(object: JsonObject | undefined): JsonObject {
  const metadata = object?.['metadata']
  return isJsonObject(metadata) ? metadata : {}
}

/** The object without its entries, and without other members that the endpoint does not write. */
export function withoutManaged(object: JsonObject, untouched: readonly string[] = []): JsonObject {
  const members = Object.entries(object).filter(([name]) => !untouched.includes(name))
  const { metadata } = object
  if (!isJsonObject(metadata)) return Object.fromEntries(members)
  const kept = Object.entries(metadata).filter(([name]) => name !== 'managedFields')
  return { ...Object.fromEntries(members), metadata: Object.fromEntries(kept) }
}

export function withManaged(object: JsonObject, entries: ManagedEntries): JsonObject {
  const managed = [...entries.values()].filter(({ fields }) => !isEmptySet(fields)).sort(compareEntries)
  const bare = withoutManaged(object)
  if (managed.length === 0) return bare
  return { ...bare, metadata: { ...metadataOf(bare), managedFields: managed.map(encodeEntry) } }
}

export function isSameEntry(one: ManagedEntry, other: ManagedEntry | undefined): boolean {
  return other !== undefined && one.apiVersion === other.apiVersion && isSameSet(one.fields, other.fields)
}

function parseEntry(entry: Json): readonly ManagedEntry[] {
  if (!isJsonObject(entry)) return []
  const { manager, operation, apiVersion, time, subresource, fieldsType, fieldsV1 } = entry
  const fields = decodeFieldSet(fieldsV1 ?? {})
  if (operation !== 'Apply' && operation !== 'Update') return []
  if (typeof apiVersion !== 'string' || apiVersion === '' || fields === undefined) return []
  if (fieldsType !== undefined && fieldsType !== 'FieldsV1') return []
  return [
    {
      manager: typeof manager === 'string' ? manager : '',
      operation,
      apiVersion,
      fields,
      ...(typeof time === 'string' && { time }),
      ...(typeof subresource === 'string' && subresource !== '' && { subresource }),
    },
  ]
}

function encodeEntry({
  manager,
  operation,
  apiVersion,
  time,
  subresource,
  fields,
}: ManagedEntry): JsonObject {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: encodeFieldSet(fields),
    ...(subresource !== undefined && { subresource }),
  }
}

/** Those who apply first, then the oldest first, as kube-apiserver orders them. */
function compareEntries(one: ManagedEntry, other: ManagedEntry): number {
  return (
    compareTexts(one.operation, other.operation) ||
    secondsOf(one) - secondsOf(other) ||
    compareTexts(one.manager, other.manager) ||
    compareTexts(one.apiVersion, other.apiVersion) ||
    compareTexts(one.subresource ?? '', other.subresource ?? '')
  )
}

/** Seconds since 1970; 0 for who has no time. */
export function secondsOf({ time }: ManagedEntry): number {
  const milliseconds = time === undefined ? 0 : Date.parse(time)
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000)
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
