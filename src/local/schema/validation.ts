import type { FailureCause } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { invalid, required, tooMany } from './field-causes.ts'
import { isList } from './go-text.ts'
import { sameJson } from './json-equality.ts'
import { junctorOutcome } from './junctors.ts'
import type { Outcome, Subject } from './outcome.ts'
import type { SchemaNode } from './schema-node.ts'
import { fieldOf, type Place, typeOf, typeProblem } from './type-check.ts'
import { enumProblem, formatProblem, numberProblems, textProblem } from './value-checks.ts'

/** Checks a value in the order of kube-apiserver (kube-openapi, pkg/validation/validate). */
export function validateNode(node: SchemaNode, subject: Subject): Outcome {
  const outcome = check(node, subject)
  if (outcome.causes.length === 0 || subject.old === undefined) return outcome
  return sameJson(subject.old, subject.value) ? { causes: [], matches: outcome.matches } : outcome
}

function check(node: SchemaNode, subject: Subject): Outcome {
  const { value, place } = subject
  const typeCause = typeProblem(node, value, place)
  const enumCause = enumProblem(node, value, place)
  if (value === null) {
    return { causes: present([typeCause, enumCause]), matches: typeCause === undefined ? 1 : 0 }
  }
  const junctors = junctorOutcome(node, subject, validateNode)
  const content = contentOutcome(node, subject)
  const hasType = node.types.length > 0 || node.format !== undefined
  const ownMatches = (hasType ? 1 : 0) + (hasType && typeCause === undefined ? 1 : 0) + 3
  // An object is checked last, an enum before it.
  const isObject = typeOf(value) === 'object'
  const causes = [
    ...present([typeCause]),
    ...junctors.causes,
    ...(isObject ? [] : content.causes),
    ...present([enumCause]),
    ...(isObject ? content.causes : []),
  ]
  return { causes, matches: ownMatches + junctors.matches + content.matches }
}

function contentOutcome(node: SchemaNode, subject: Subject): Outcome {
  const { value, place } = subject
  if (typeof value === 'string') {
    const causes = present([textProblem(node, value, place), formatProblem(node, value, place)])
    const formatted = node.format !== undefined && node.types.every(type => type === 'string')
    return { causes, matches: formatted ? 2 : 1 }
  }
  if (typeof value === 'number') return { causes: numberProblems(node, value, place), matches: 2 }
  if (isList(value)) return listOutcome(node, value, subject)
  return isJsonObject(value) ? objectOutcome(node, value, subject) : { causes: [], matches: 0 }
}

function listOutcome(node: SchemaNode, list: readonly Json[], { place, old }: Subject): Outcome {
  const { items } = node
  const before = isList(old) ? followers(node, old) : () => undefined
  const outcomes =
    items === undefined
      ? []
      : list.map((value, at) => validateNode(items, { value, place: `${place}[${at}]`, old: before(value) }))
  const causes = outcomes.flatMap(outcome => outcome.causes)
  const { min = 0, max } = node.itemCount
  const count = list.length
  if (count < min) {
    causes.push(invalid(fieldOf(place), count, `${place} in body should have at least ${min} items`))
  }
  if (max !== undefined && count > max) causes.push(tooMany(fieldOf(place), count, max))
  if (node.uniqueItems && list.some((item, at) => list.slice(0, at).some(one => sameJson(one, item)))) {
    causes.push(invalid(fieldOf(place), '', `${place} in body shouldn't contain duplicates`))
  }
  return { causes, matches: 2 + total(outcomes) }
}

/** Items of a list of type map are the same ones by their keys; those of others cannot be told. */
function followers(node: SchemaNode, old: readonly Json[]): (item: Json) => Json | undefined {
  if (node.listType !== 'map' || node.listMapKeys.length === 0) return () => undefined
  return item =>
    old.find(one => isJsonObject(one) && isJsonObject(item) && sameKeys(node.listMapKeys, one, item))
}

function sameKeys(keys: readonly string[], a: JsonObject, b: JsonObject): boolean {
  return keys.every(key => sameJson(own(a, key) ?? null, own(b, key) ?? null))
}

function objectOutcome(node: SchemaNode, object: JsonObject, { place, old }: Subject): Outcome {
  const names = Object.keys(object)
  const causes = countProblems(node, names.length, place)
  const before = isJsonObject(old) ? old : {}
  const outcomes: Outcome[] = []
  const visit = (schema: SchemaNode, name: string, at: Place): void => {
    outcomes.push(validateNode(schema, { value: object[name] ?? null, place: at, old: own(before, name) }))
  }
  const { additionalProperties } = node
  for (const name of names) {
    if (node.properties.has(name)) continue
    if (additionalProperties === false) {
      const detail = `${place}.${name} in body is a forbidden property`
      causes.push(invalid(fieldOf(place), name, detail))
    } else if (typeof additionalProperties === 'object') {
      visit(additionalProperties, name, `${place}.${name}`)
    }
  }
  for (const [name, schema] of node.properties) {
    if (Object.hasOwn(object, name)) visit(schema, name, place === '' ? name : `${place}.${name}`)
  }
  causes.push(...outcomes.flatMap(outcome => outcome.causes))
  for (const name of node.required) {
    if (!Object.hasOwn(object, name)) causes.push(required(fieldOf(`${place}.${name}`)))
  }
  return { causes, matches: 1 + total(outcomes) }
}

function countProblems(node: SchemaNode, count: number, place: Place): FailureCause[] {
  const { min = 0, max } = node.propertyCount
  const causes: FailureCause[] = []
  if (count < min) {
    causes.push(invalid(fieldOf(place), count, `${place} in body should have at least ${min} properties`))
  }
  if (max !== undefined && count > max) causes.push(tooMany(fieldOf(place), count, max))
  return causes
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function total(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + outcome.matches, 0)
}

function present(causes: readonly (FailureCause | undefined)[]): readonly FailureCause[] {
  return causes.filter(cause => cause !== undefined)
}
