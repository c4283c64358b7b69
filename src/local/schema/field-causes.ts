import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json } from '../../model/json.ts'
import { goJson, goNumber, goQuote } from './go-text.ts'

/**
 * What is wrong with a field, in the words of kube-apiserver (apimachinery, util/validation/field): kubectl
 * prints them to people, and scripts search them. `field` is the whole path: `spec.ports[0].port`.
 */

export function invalid(field: string, value: Json, detail: string): FailureCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}${tail(detail)}`, field }
}

export function typeInvalid(field: string, value: Json, detail: string): FailureCause {
  return { reason: 'FieldValueTypeInvalid', message: `Invalid value: ${shown(value)}${tail(detail)}`, field }
}

export function required(field: string, detail = ''): FailureCause {
  return { reason: 'FieldValueRequired', message: `Required value${tail(detail)}`, field }
}

export function forbidden(field: string, detail: string): FailureCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden${tail(detail)}`, field }
}

export function duplicate(field: string, value: Json): FailureCause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field }
}

export function notSupported(field: string, value: Json, supported: readonly Json[]): FailureCause {
  const texts = supported.map(one => goQuote(typeof one === 'string' ? one : goJson(one)))
  const detail = texts.length > 0 ? `supported values: ${texts.join(', ')}` : ''
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}${tail(detail)}`,
    field,
  }
}

/** The limit counts characters; kube-apiserver speaks of bytes all the same. */
export function tooLong(field: string, limit: number): FailureCause {
  const unit = limit === 1 ? 'byte' : 'bytes'
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${limit} ${unit}`, field }
}

export function tooMany(field: string, actual: number, limit: number): FailureCause {
  const unit = limit === 1 ? 'item' : 'items'
  return {
    reason: 'FieldValueTooMany',
    message: `Too many: ${actual}: must have at most ${limit} ${unit}`,
    field,
  }
}

function tail(detail: string): string {
  return detail === '' ? '' : `: ${detail}`
}

function shown(value: Json): string {
  if (typeof value === 'string') return goQuote(value)
  if (typeof value === 'number') return goNumber(value)
  return goJson(value)
}
