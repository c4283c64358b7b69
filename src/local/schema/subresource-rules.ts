import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { invalid, required } from './field-causes.ts'
import { findObject, textAt } from './json-reading.ts'

/** What is wrong with `subresources.scale`; `status` has nothing to get wrong. */
export function subresourceProblems(subresources: JsonObject, place: string): readonly FailureCause[] {
  const scale = findObject(subresources, 'scale')
  if (scale === undefined) return []
  const read = (key: string): { readonly field: string; readonly path: string } => ({
    field: `${place}.scale.${key}`,
    path: textAt(scale, key),
  })
  return [
    ...pathProblems(read('specReplicasPath'), ['.spec.'], 'should be a json path under .spec'),
    ...pathProblems(read('statusReplicasPath'), ['.status.'], 'should be a json path under .status'),
    ...(textAt(scale, 'labelSelectorPath') === ''
      ? []
      : pathProblems(
          read('labelSelectorPath'),
          ['.spec.', '.status.'],
          'should be a json path under either .spec or .status',
        )),
  ]
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

/** What is wrong with one of `additionalPrinterColumns`. */
export function columnProblems(column: JsonObject, place: string): readonly FailureCause[] {
  const found: FailureCause[] = []
  if (textAt(column, 'name') === '') found.push(required(`${place}.name`))
  const type = textAt(column, 'type')
  const types = `must be one of ${COLUMN_TYPES.join(',')}`
  if (type === '') found.push(required(`${place}.type`, types))
  else if (!COLUMN_TYPES.includes(type)) found.push(invalid(`${place}.type`, type, types))
  const format = textAt(column, 'format')
  if (format !== '' && !COLUMN_FORMATS.includes(format)) {
    found.push(invalid(`${place}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`))
  }
  const path = textAt(column, 'jsonPath')
  // kube-apiserver names the field as it was named in v1beta1.
  return [...found, ...pathProblems({ field: `${place}.JSONPath`, path }, ['.'], '')]
}

function pathProblems(
  { field, path }: { readonly field: string; readonly path: string },
  prefixes: readonly string[],
  detail: string,
): readonly FailureCause[] {
  if (path === '') return [required(field)]
  if (!path.startsWith('.')) return [invalid(field, path, 'must be a simple json path starting with .')]
  return prefixes.some(prefix => path.startsWith(prefix)) ? [] : [invalid(field, path, detail)]
}
