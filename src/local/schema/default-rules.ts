import type { FailureCause } from '../../kube/kube-failure.ts'
import { embeddedProblems } from './embedded-resources.ts'
import { invalid } from './field-causes.ts'
import { sameJson } from './json-equality.ts'
import { prunedValue } from './pruning.ts'
import type { SchemaNode } from './schema-node.ts'
import { WHOLE } from './type-check.ts'
import { validateNode } from './validation.ts'

/** Defaults that their own schema would refuse, or prune. */
export function defaultProblems(node: SchemaNode, place: string): readonly FailureCause[] {
  return [
    ...ownProblems(node, place),
    ...(node.items === undefined ? [] : defaultProblems(node.items, `${place}.items`)),
    ...Array.from(node.properties).flatMap(([name, property]) =>
      defaultProblems(property, `${place}.properties[${name}]`),
    ),
  ]
}

function ownProblems(node: SchemaNode, place: string): readonly FailureCause[] {
  const { default: value } = node
  if (value === undefined) return []
  const field = `${place}.default`
  const found: FailureCause[] = []
  if (!sameJson(prunedValue(node, value), value)) {
    found.push(invalid(field, value, 'must not have unknown fields'))
  }
  const problems = [...validateNode(node, { value, place: '' }).causes, ...embeddedProblems(node, value)]
  return [...found, ...problems.map(cause => ({ ...cause, field: joined(field, cause.field ?? WHOLE) }))]
}

function joined(field: string, inner: string): string {
  if (inner === WHOLE) return field
  return inner.startsWith('[') ? `${field}${inner}` : `${field}.${inner}`
}
