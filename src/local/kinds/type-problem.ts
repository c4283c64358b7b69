import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type KindName, messageNamed, messageOfKind } from './built-in-kinds.ts'
import { checkDepth } from './depth.ts'
import { goItemType, goType } from './go-type.ts'
import { type JsonField, jsonFields } from './json-fields.ts'
import type { Message } from './message.ts'
import { jsonTypeOf, scalarProblem } from './scalar-problem.ts'

/**
 * What kube-apiserver answers (400) when values of a built-in kind have types that Go cannot decode; undefined
 * when all can be:
 *
 *     Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct
 *     field DeploymentSpec.spec.replicas of type int32
 *
 * As Go does, it tells one problem: the first that ends its decoding (a time that is none), else the first.
 */
export function typeProblem(kind: KindName, object: JsonObject): string | undefined {
  const message = messageOfKind(kind)
  if (message === undefined) return undefined
  const problems: Problems = {}
  checkMessage({ message, path: [], depth: 0 }, object, problems)
  const problem = problems.last ?? problems.first
  if (problem === undefined) return undefined
  const version = kind.apiVersion.slice(kind.apiVersion.indexOf('/') + 1)
  return `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${problem}`
}

interface Problems {
  first?: string
  /** It ended the decoding: nothing behind it is looked at. */
  last?: string
}

interface Place {
  readonly message: Message
  /** Names of fields only: Go leaves out indexes and keys. */
  readonly path: readonly string[]
  readonly depth: number
}

function checkMessage(place: Place, object: JsonObject, problems: Problems): void {
  checkDepth(place.depth)
  const fields = jsonFields(place.message)
  for (const [name, value] of Object.entries(object)) {
    const known = fields.get(name)
    if (known === undefined) continue
    checkField({ ...place, path: [...place.path, ...known.embeddedIn, name] }, known, value, problems)
    if (problems.last !== undefined) return
  }
}

function checkField(place: Place, { field }: JsonField, value: Json, problems: Problems): void {
  if (value === null) return
  if (field.shape === 'one') checkItem(place, field, value, problems)
  else if (field.shape === 'list' ? Array.isArray(value) : isJsonObject(value)) {
    const items: readonly Json[] = Object.values(value)
    for (const item of items) {
      if (item !== null) checkItem(place, field, item, problems)
      if (problems.last !== undefined) return
    }
  } else problems.first ??= mismatch(place, jsonTypeOf(value), goType(field))
}

function checkItem(
  place: Place,
  field: JsonField['field'],
  value: Exclude<Json, null>,
  problems: Problems,
): void {
  const { type } = field
  if ('message' in type) {
    const message = messageNamed(type.message)
    if (isJsonObject(value)) checkMessage({ ...place, message, depth: place.depth + 1 }, value, problems)
    else problems.first ??= mismatch(place, jsonTypeOf(value), goItemType(field))
    return
  }
  const problem = scalarProblem(type.scalar, value)
  if (problem === undefined) return
  const text =
    'text' in problem ? problem.text : mismatch(place, problem.found, problem.wanted ?? goItemType(field))
  if (problem.endsDecoding) problems.last = text
  else problems.first ??= text
}

function mismatch({ message, path }: Place, found: string, wanted: string): string {
  return `json: cannot unmarshal ${found} into Go struct field ${message.goName}.${path.join('.')} of type ${wanted}`
}
