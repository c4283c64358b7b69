import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { goJson, goNumber } from '../schema/go-text.ts'
import { textAt } from '../schema/json-reading.ts'
import { AGE, type Column, NAME, numberAt } from './column.ts'
import { ageOf, timeOf } from './human-age.ts'
import { type JsonPath, parseJsonPath } from './json-path.ts'

const TYPES = ['string', 'integer', 'number', 'boolean', 'date'] as const

/**
 * The columns of a custom resource by the `additionalPrinterColumns` of its definition
 * (kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns):
 * the name, then those that are given, or the age when none are. A column whose path cannot be read ends them, as
 * in kube-apiserver.
 */
export function customColumns(additionalPrinterColumns: unknown): readonly Column[] {
  const given: readonly unknown[] = Array.isArray(additionalPrinterColumns) ? additionalPrinterColumns : []
  if (given.length === 0) return [NAME, { ...AGE, type: 'date' }]
  const columns: Column[] = [NAME]
  for (const one of given) {
    const column = isJsonObject(one) ? customColumn(one) : undefined
    if (column === undefined) return columns
    columns.push(column)
  }
  return columns
}

function customColumn(column: JsonObject): Column | undefined {
  const path = textAt(column, 'jsonPath')
  const type = TYPES.find(one => one === textAt(column, 'type'))
  const find = parseJsonPath(path)
  if (type === undefined || find === undefined) return undefined
  const format = textAt(column, 'format')
  return {
    name: textAt(column, 'name'),
    type,
    ...(format === '' ? {} : { format }),
    description:
      textAt(column, 'description') || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: numberAt(column, 'priority'),
    cell: (object, now) => cellOf(type, find, { object, now }),
  }
}

/** Null, which kubectl shows as `<none>` or leaves blank, where the value is not of the type of the column. */
function cellOf(
  type: Column['type'],
  find: JsonPath,
  { object, now }: { readonly object: JsonObject; readonly now: number },
): Json {
  const value = find(object)
  if (value === undefined) return null
  if (type === 'string') return printed(value)
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null
  if (type === 'number') return typeof value === 'number' ? value : null
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  return typeof value === 'string' ? dateCell(value, now) : null
}

function printed(value: Json): string {
  if (value === null) return '<no value>'
  if (typeof value === 'string') return value
  return typeof value === 'number' ? goNumber(value) : goJson(value)
}

function dateCell(value: string, now: number): string {
  if (value === '' || value === 'null') return '<unknown>'
  return timeOf(value) === undefined ? '<invalid>' : ageOf(value, now)
}
