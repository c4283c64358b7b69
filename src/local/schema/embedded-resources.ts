import type { FailureCause } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { labelProblems } from './dns-names.ts'
import { invalid, required } from './field-causes.ts'
import { isList } from './go-text.ts'
import { propertySchema, type SchemaNode } from './schema-node.ts'

/** Objects inside of an object (`x-kubernetes-embedded-resource`) need an apiVersion and a kind of their own. */
export function embeddedProblems(node: SchemaNode, value: Json, field = ''): readonly FailureCause[] {
  if (isList(value)) {
    const { items } = node
    return items === undefined
      ? []
      : value.flatMap((item, at) => embeddedProblems(items, item, `${field}[${at}]`))
  }
  if (!isJsonObject(value)) return []
  const inside = Object.entries(value).flatMap(([name, part]) => {
    const schema = propertySchema(node, name)
    return schema === undefined ? [] : embeddedProblems(schema, part, child(field, name))
  })
  return node.embeddedResource ? [...ownProblems(value, field), ...inside] : inside
}

function ownProblems(object: JsonObject, field: string): readonly FailureCause[] {
  const { apiVersion, kind, metadata } = object
  return [
    ...textProblems(apiVersion, child(field, 'apiVersion'), groupVersionProblem),
    ...textProblems(kind, child(field, 'kind'), kindProblem),
    ...(metadata === undefined || isJsonObject(metadata)
      ? []
      : [invalid(child(field, 'metadata'), metadata, 'must be an object')]),
  ]
}

function textProblems(
  value: Json | undefined,
  field: string,
  problem: (text: string) => string | undefined,
): readonly FailureCause[] {
  if (value === undefined) return [required(field)]
  if (typeof value !== 'string') return [invalid(field, value, 'must be a string')]
  if (value === '') return [invalid(field, value, 'must not be empty')]
  const detail = problem(value)
  return detail === undefined ? [] : [invalid(field, value, detail)]
}

function groupVersionProblem(apiVersion: string): string | undefined {
  return apiVersion.split('/').length > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined
}

function kindProblem(kind: string): string | undefined {
  const problems = labelProblems(kind.toLowerCase())
  return problems.length === 0
    ? undefined
    : `may have mixed case, but should otherwise match: ${problems.join(',')}`
}

function child(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}
