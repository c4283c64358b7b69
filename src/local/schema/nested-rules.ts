import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { forbidden } from './field-causes.ts'
import { findObject, flagAt, listAt, objectAt, objectsAt, textAt, valueAt } from './json-reading.ts'

/** Which parts are the well-known form of `x-kubernetes-int-or-string`, and exempt. */
export interface Exemption {
  readonly skipAnyOf: boolean
  readonly skipFirstAnyOf: boolean
}

/** What schemas inside of allOf, anyOf, oneOf and not may not say, for the whole to be structural. */
export function nestedProblems(
  schema: JsonObject,
  place: string,
  { skipAnyOf, skipFirstAnyOf }: Exemption = NONE,
): readonly FailureCause[] {
  const found: FailureCause[] = []
  const visit = (junctor: 'anyOf' | 'allOf' | 'oneOf'): void => {
    objectsAt(schema, junctor).forEach((nested, at) => {
      const exempt = junctor === 'allOf' && at === 0 && skipFirstAnyOf
      found.push(...branchProblems(nested, `${place}.${junctor}[${at}]`, exempt))
    })
  }
  if (!skipAnyOf) visit('anyOf')
  visit('allOf')
  visit('oneOf')
  const not = findObject(schema, 'not')
  if (not !== undefined) found.push(...branchProblems(not, `${place}.not`, false))
  return found
}

const NONE: Exemption = { skipAnyOf: false, skipFirstAnyOf: false }

const EMPTY = 'must be empty to be structural'
const FALSE = 'must be false to be structural'
const UNDEFINED = 'must be undefined to be structural'

function branchProblems(branch: JsonObject, place: string, skipAnyOf: boolean): readonly FailureCause[] {
  const found = [...nestedProblems(branch, place, { skipAnyOf, skipFirstAnyOf: false })]
  const items = findObject(branch, 'items')
  if (items !== undefined) found.push(...branchProblems(items, `${place}.items`, false))
  const properties = objectAt(branch, 'properties')
  for (const name of Object.keys(properties)) {
    found.push(...branchProblems(objectAt(properties, name), `${place}.properties[${name}]`, false))
  }
  found.push(...keywordProblems(branch, place))
  if (Object.hasOwn(properties, 'metadata')) {
    found.push(forbidden(`${place}.properties[metadata]`, 'must not be specified in a nested context'))
  }
  return found
}

function keywordProblems(branch: JsonObject, place: string): readonly FailureCause[] {
  const refuse = (keyword: string, problem: string): FailureCause => forbidden(`${place}.${keyword}`, problem)
  return [
    ...['type', 'title', 'description']
      .filter(key => textAt(branch, key) !== '')
      .map(key => refuse(key, EMPTY)),
    ...FORBIDDEN_VALUES.filter(key => valueAt(branch, key) !== undefined).map(key => refuse(key, UNDEFINED)),
    ...FORBIDDEN_FLAGS.filter(key => flagAt(branch, key)).map(key => refuse(key, FALSE)),
    ...FORBIDDEN_LISTS.filter(key => listAt(branch, key).length > 0).map(key => refuse(key, EMPTY)),
  ]
}

const FORBIDDEN_VALUES = [
  'additionalProperties',
  'default',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
]
const FORBIDDEN_FLAGS = [
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
]
const FORBIDDEN_LISTS = ['x-kubernetes-list-map-keys', 'x-kubernetes-validations']
