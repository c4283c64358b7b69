import type { Json } from '../../model/json.ts'

/** A key of the items of a list. Items that leave it out have the default. */
export interface ListKey {
  readonly name: string
  readonly default?: Json
}

/** How a strategic merge patch goes about the place (`patchStrategy`, `patchMergeKey` of k8s.io/api). */
export interface MergeRule {
  /** `replace` only for objects: lists without a rule are replaced anyway. */
  readonly strategy: 'merge' | 'replace'
  /** Absent for lists of texts and numbers. */
  readonly key?: string
}

/**
 * How patches see the value at one place of an object, and what is below it. Data, so that it can be shared: the
 * tables of the built-in kinds, or what the schema of a custom resource says. Whatever is not said has the default
 * of Kubernetes: members of objects are owned one by one, lists as a whole.
 * (kubernetes.io/docs/reference/using-api/server-side-apply, "Merge strategy")
 */
export interface ListTopology {
  /** Members of an object that are declared. */
  readonly fields?: Readonly<Record<string, ListTopology>>
  /** Elements of a list; members of an object that are not declared. */
  readonly each?: ListTopology
  /** The whole object has one owner. */
  readonly atomic?: true
  /** Absent: the whole list has one owner. */
  readonly list?: 'set' | readonly ListKey[]
  readonly merge?: MergeRule
}

/** Nothing out of the ordinary, here and below. */
export const PLAIN: ListTopology = {}

export function memberOf(topology: ListTopology, name: string): ListTopology {
  return declaredMember(topology, name) ?? topology.each ?? PLAIN
}

export function elementTopology(topology: ListTopology): ListTopology {
  return topology.each ?? PLAIN
}

/** Whether the object is a map (its members are entries, not fields of a struct), as far as this member goes. */
export function isEntry(topology: ListTopology, name: string): boolean {
  return topology.each !== undefined && declaredMember(topology, name) === undefined
}

function declaredMember({ fields }: ListTopology, name: string): ListTopology | undefined {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
}
