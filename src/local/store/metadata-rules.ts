import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, Metadata } from '../../model/kubernetes.ts'

/** Names end in five of these, as Kubernetes' do: no vowels, so no words. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5

/** Kinds of old, whose changes nobody counts. */
const WITHOUT_GENERATION = ['Lease', 'Namespace', 'Node', 'Service']

export interface NewMetadata {
  readonly uid: string
  readonly creationTimestamp: string
  /** 0 up to 1. */
  readonly random: () => number
}

/** What the server gives to every object that is created; what clients say of it is not heard. */
export function withNewMetadata<T extends KubeObject>(object: T, given: NewMetadata): T {
  const { deletionTimestamp, deletionGracePeriodSeconds, resourceVersion, generation, ...rest } =
    object.metadata
  const { generateName } = rest
  const name = rest.name || (generateName === undefined ? '' : `${generateName}${suffix(given.random)}`)
  const { uid, creationTimestamp } = given
  const counted = 'spec' in object && !WITHOUT_GENERATION.includes(object.kind)
  const generated = counted ? { generation: 1 } : {}
  return { ...object, metadata: { ...rest, name, uid, creationTimestamp, ...generated } }
}

/**
 * The object as it may replace the old one: what belongs to the server is the old one's, and the generation
 * counts changes of `spec`.
 */
export function withKeptMetadata<T extends KubeObject>(object: T, old: T): T {
  const kept: Partial<Metadata> = serverOwned(old.metadata)
  const { deletionTimestamp, deletionGracePeriodSeconds, generation, ...rest } = object.metadata
  const metadata = { ...rest, ...kept }
  if (kept.generation === undefined || isDeepStrictEqual(specOf(object), specOf(old))) {
    return { ...object, metadata }
  }
  return { ...object, metadata: { ...metadata, generation: kept.generation + 1 } }
}

/** Absent and empty are the same to Kubernetes, and written as absent. */
const ABSENT_WHEN_EMPTY = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields']

export function withoutEmptyMetadata<T extends KubeObject>(object: T): T {
  const members = Object.entries(object.metadata)
  const kept = members.filter(([name, value]) => !ABSENT_WHEN_EMPTY.includes(name) || !isEmpty(value))
  // Only members that may be absent were left out.
  return kept.length === members.length
    ? object
    : { ...object, metadata: Object.fromEntries(kept) as unknown as Metadata }
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}

/** Everything but the status of one, and the status of the other, which may have none. */
export function withStatusOf<T extends KubeObject>(object: T, other: object): T {
  const status = 'status' in other ? other.status : undefined
  const members = Object.entries(object).filter(([name]) => name !== 'status')
  // The same object but for its status, which its type lets be absent.
  return { ...Object.fromEntries(members), ...(status === undefined ? {} : { status }) } as T
}

function serverOwned(metadata: Metadata): Partial<Metadata> {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp } = metadata
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  const owned = { name, namespace, uid, resourceVersion, generation, creationTimestamp }
  const all = { ...owned, deletionTimestamp, deletionGracePeriodSeconds }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function specOf(object: KubeObject): unknown {
  return 'spec' in object ? object.spec : undefined
}

function suffix(random: () => number): string {
  const letter = () => SUFFIX_ALPHABET[Math.floor(random() * SUFFIX_ALPHABET.length)]
  return Array.from({ length: SUFFIX_LENGTH }, letter).join('')
}
