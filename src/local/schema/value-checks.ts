import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json } from '../../model/json.ts'
import { invalid, notSupported, tooLong, typeInvalid } from './field-causes.ts'
import { formatCheck } from './formats.ts'
import { goNumber } from './go-text.ts'
import { sameJson } from './json-equality.ts'
import type { SchemaNode } from './schema-node.ts'
import { fieldOf, type Place, WHOLE } from './type-check.ts'

/** What is wrong with a text for its length or pattern: the first alone, as kube-apiserver has it. */
export function textProblem(node: SchemaNode, text: string, place: Place): FailureCause | undefined {
  const { min = 0, max } = node.length
  if (max !== undefined || min > 0) {
    const length = Array.from(text).length
    if (max !== undefined && length > max) return tooLong(fieldOf(place), max)
    if (length < min) {
      return invalid(fieldOf(place), text, `${place} in body should be at least ${min} chars long`)
    }
  }
  if (node.pattern === undefined || node.pattern.expression.test(text)) return undefined
  return invalid(fieldOf(place), text, `${place} in body should match '${node.pattern.source}'`)
}

export function formatProblem(node: SchemaNode, text: string, place: Place): FailureCause | undefined {
  const { format } = node
  if (format === undefined || formatCheck(format)?.(text) !== false) return undefined
  return typeInvalid(
    fieldOf(place),
    text,
    `${place} in body must be of type ${format}: ${JSON.stringify(text)}`,
  )
}

export function numberProblems(node: SchemaNode, value: number, place: Place): readonly FailureCause[] {
  const { bounds } = node
  const refuse = (detail: string): FailureCause =>
    invalid(fieldOf(place), value, `${place} in body should be ${detail}`)
  const found = rangeProblems(node, value, place)
  if (bounds.multipleOf !== undefined && !isMultiple(value, bounds.multipleOf)) {
    found.push(refuse(`a multiple of ${goNumber(bounds.multipleOf)}`))
  }
  if (bounds.minimum !== undefined) {
    const text = goNumber(bounds.minimum)
    if (bounds.exclusiveMinimum && value <= bounds.minimum) found.push(refuse(`greater than ${text}`))
    if (!bounds.exclusiveMinimum && value < bounds.minimum) {
      found.push(refuse(`greater than or equal to ${text}`))
    }
  }
  if (bounds.maximum !== undefined) {
    const text = goNumber(bounds.maximum)
    if (bounds.exclusiveMaximum && value >= bounds.maximum) found.push(refuse(`less than ${text}`))
    if (!bounds.exclusiveMaximum && value > bounds.maximum)
      found.push(refuse(`less than or equal to ${text}`))
  }
  return found
}

/** `null` is in no enum, not even in one that lists it: so it is in kube-apiserver. */
export function enumProblem(node: SchemaNode, value: Json, place: Place): FailureCause | undefined {
  const { enum: allowed } = node
  if (allowed === undefined || allowed.length === 0) return undefined
  if (value !== null && allowed.some(one => sameJson(one, value))) return undefined
  return notSupported(fieldOf(place), value, allowed)
}

/** Whether the number fits into what Go keeps it in. */
function rangeProblems(node: SchemaNode, value: number, place: Place): FailureCause[] {
  const refuse = (type: string, format: string): FailureCause[] => [
    invalid(WHOLE, '', `Checked value must be of type ${type} ${format} in ${place}`),
  ]
  const [type] = node.types
  if (node.format === 'int32' && type === 'integer' && (value < -(2 ** 31) || value >= 2 ** 31)) {
    return refuse(type, 'with format int32')
  }
  if (node.format === 'float' && type === 'number' && !Number.isFinite(Math.fround(value))) {
    return refuse(type, 'with format float')
  }
  return []
}

/** Fractions are compared as kube-apiserver does, so that 0.3 is a multiple of 0.1. */
function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return false
  const quotient = factor < 1 ? (1 / factor) * value : value / factor
  const distance = Math.abs(quotient - Math.round(quotient))
  return distance === 0 || distance / Math.abs(quotient) < 1e-9
}
