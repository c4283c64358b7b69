import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../model/json.ts'
import { type FieldSet, fieldSet, NO_FIELDS, OWN_FIELD, union } from './field-set.ts'
import { type Part, type Parts, partsOf } from './granularity.ts'
import { type ListTopology, PLAIN } from './list-topology.ts'

export interface Comparison {
  /** What was added or has another value. */
  readonly touched: FieldSet
  readonly removed: FieldSet
}

const SAME: Comparison = { touched: NO_FIELDS, removed: NO_FIELDS }
const TOUCHED: Comparison = { touched: OWN_FIELD, removed: NO_FIELDS }
const REMOVED: Comparison = { touched: NO_FIELDS, removed: OWN_FIELD }
const NO_PARTS: Parts = new Map()
const ABSENT: Part = { values: [], topology: PLAIN }

/** Which places of a value differ; undefined is a value that is not there. */
export function compareValues(
  before: Json | undefined,
  after: Json | undefined,
  topology: ListTopology,
): Comparison {
  if (isPresent(before) && isPresent(after) && shapeOf(before) !== shapeOf(after)) {
    return both(compareValues(before, undefined, topology), compareValues(undefined, after, topology))
  }
  const itself = compareWhole(before, after)
  const oldParts = isPresent(before) ? partsOf(before, topology) : NO_PARTS
  const newParts = isPresent(after) ? partsOf(after, topology) : NO_PARTS
  if (oldParts === undefined || newParts === undefined) return itself
  const below = compareParts(oldParts, newParts)
  // Something that has parts on both sides is not itself changed, only they are.
  return before === undefined || after === undefined ? both(itself, below) : below
}

function compareWhole(before: Json | undefined, after: Json | undefined): Comparison {
  if (after === undefined) return before === undefined ? SAME : REMOVED
  return before !== undefined && isDeepStrictEqual(before, after) ? SAME : TOUCHED
}

function compareParts(before: Parts, after: Parts): Comparison {
  const elements = [...new Set([...before.keys(), ...after.keys()])]
  const compared = elements.map(element => {
    const comparison = comparePart(before.get(element) ?? ABSENT, after.get(element) ?? ABSENT)
    return [element, comparison] as const
  })
  return {
    touched: fieldSet(
      false,
      compared.map(([element, { touched }]) => [element, touched]),
    ),
    removed: fieldSet(
      false,
      compared.map(([element, { removed }]) => [element, removed]),
    ),
  }
}

/** Items that a list has twice are one value together. */
function comparePart(before: Part, after: Part): Comparison {
  const { topology } = after === ABSENT ? before : after
  const [wasTwice, isTwice] = [before.values.length > 1, after.values.length > 1]
  if (wasTwice && isTwice) return isDeepStrictEqual(before.values, after.values) ? SAME : TOUCHED
  const [old] = wasTwice ? [] : before.values
  const [now] = isTwice ? [] : after.values
  const single = compareValues(old, now, topology)
  if (wasTwice) return both(single, REMOVED)
  return isTwice ? both(single, TOUCHED) : single
}

function both(one: Comparison, other: Comparison): Comparison {
  return { touched: union(one.touched, other.touched), removed: union(one.removed, other.removed) }
}

/** Null may stand for an object or a list that is empty, or for a text that is not there. */
function isPresent(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null
}

function shapeOf(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'object' : 'leaf'
}
