import type { ListTopology } from './list-topology.ts'
import { PLAIN } from './list-topology.ts'

/** The parts that the tables of the built-in kinds are made of. */

export const ATOMIC: ListTopology = { atomic: true }

/** A list of texts or numbers, each with its own owner. */
export const SET: ListTopology = { list: 'set', merge: { strategy: 'merge' } }

/** A list whose items are told apart by a key, by field managers and by strategic patches alike. */
export function keyed(key: string, each: ListTopology = PLAIN): ListTopology {
  return { list: [{ name: key }], each, merge: { strategy: 'merge', key } }
}

/** Ports have two keys for field managers and one for strategic patches, which are older. */
export function portsBy(key: string): ListTopology {
  return { ...keyed(key), list: [{ name: key }, { name: 'protocol', default: 'TCP' }] }
}

/** A list with keys for field managers only: strategic patches replace it. */
export function ownedByKey(key: string): ListTopology {
  return { list: [{ name: key }] }
}

/** The reverse: one owner, but strategic patches merge by the key. */
export function mergedByKey(key: string): ListTopology {
  return { merge: { strategy: 'merge', key } }
}

export const CONDITIONS: ListTopology = keyed('type')

export const METADATA: ListTopology = {
  fields: { finalizers: SET, ownerReferences: keyed('uid', ATOMIC) },
}
