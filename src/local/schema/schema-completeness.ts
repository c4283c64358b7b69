import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { required } from './field-causes.ts'
import { findObject, objectAt, objectsAt } from './json-reading.ts'

/** Fields and items that allOf, anyOf, oneOf or not speak of, but that are not known outside of them. */
export function incompleteProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  return branchesProblems(schema, { schema, place }, place)
}

/** What is known outside, at the place that a branch speaks of. */
interface Known {
  readonly schema: JsonObject | undefined
  readonly place: string
}

function branchesProblems(branch: JsonObject, known: Known, place: string): readonly FailureCause[] {
  const not = findObject(branch, 'not')
  return [
    ...(not === undefined ? [] : branchProblems(not, known, `${place}.not`)),
    ...['allOf', 'anyOf', 'oneOf'].flatMap(junctor =>
      objectsAt(branch, junctor).flatMap((one, at) =>
        branchProblems(one, known, `${place}.${junctor}[${at}]`),
      ),
    ),
  ]
}

function branchProblems(branch: JsonObject, known: Known, place: string): readonly FailureCause[] {
  if (known.schema === undefined) return [required(known.place, `because it is defined in ${place}`)]
  const found = [...branchesProblems(branch, known, place)]
  const items = findObject(branch, 'items')
  if (items !== undefined) {
    const inner = { schema: findObject(known.schema, 'items'), place: `${known.place}.items` }
    found.push(...branchProblems(items, inner, `${place}.items`))
  }
  const properties = objectAt(branch, 'properties')
  const knownProperties = objectAt(known.schema, 'properties')
  for (const name of Object.keys(properties)) {
    const step = `properties[${name}]`
    const inner = { schema: findObject(knownProperties, name), place: `${known.place}.${step}` }
    found.push(...branchProblems(objectAt(properties, name), inner, `${place}.${step}`))
  }
  return found
}
