import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { defaultProblems } from './default-rules.ts'
import { forbidden, invalid } from './field-causes.ts'
import { flagAt, textAt, valueAt } from './json-reading.ts'
import { parseSchema } from './schema-parser.ts'
import { schemaProblems } from './schema-rules.ts'
import { structuralProblems } from './structural-rules.ts'

/** What is wrong with the schema of a version, or of all of them. */
export function versionSchemaProblems(
  schema: JsonObject | undefined,
  place: string,
  hasStatus: boolean,
): readonly FailureCause[] {
  if (schema === undefined) return []
  const field = `${place}.openAPIV3Schema`
  const structural = structuralProblems(schema, field)
  const parsed = parseSchema(schema, field)
  const own = [...structural, ...parsed.problems]
  return [
    ...(hasStatus ? statusSchemaProblems(schema, field) : []),
    ...(flagAt(schema, 'nullable')
      ? [forbidden(`${field}.nullable`, 'nullable cannot be true at the root')]
      : []),
    ...own,
    // Defaults are looked at only below a schema that is right itself.
    ...(own.length > 0 ? [] : defaultProblems(parsed.node, field)),
    ...schemaProblems(schema, field),
  ]
}

/** With a status of its own, the schema of it must be all that `properties` says. */
const ROOT_KEYWORDS = new Map([
  ['description', 'Description'],
  ['type', 'Type'],
  ['format', 'Format'],
  ['title', 'Title'],
  ['maximum', 'Maximum'],
  ['exclusiveMaximum', 'ExclusiveMaximum'],
  ['minimum', 'Minimum'],
  ['exclusiveMinimum', 'ExclusiveMinimum'],
  ['maxLength', 'MaxLength'],
  ['minLength', 'MinLength'],
  ['pattern', 'Pattern'],
  ['maxItems', 'MaxItems'],
  ['minItems', 'MinItems'],
  ['uniqueItems', 'UniqueItems'],
  ['multipleOf', 'MultipleOf'],
  ['required', 'Required'],
  ['items', 'Items'],
  ['properties', 'Properties'],
  ['externalDocs', 'ExternalDocs'],
  ['example', 'Example'],
  ['x-kubernetes-preserve-unknown-fields', 'XPreserveUnknownFields'],
  ['x-kubernetes-validations', 'XValidations'],
])

function statusSchemaProblems(schema: JsonObject, field: string): readonly FailureCause[] {
  const type = textAt(schema, 'type')
  if (type !== '' && type !== 'object') {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalid(`${field}.type`, type, detail)]
  }
  const isSet = (key: string): boolean => valueAt(schema, key) !== undefined && valueAt(schema, key) !== false
  if (Object.keys(schema).every(key => ROOT_KEYWORDS.has(key) || !isSet(key))) return []
  const allowed = Array.from(ROOT_KEYWORDS.values()).join(' ')
  const detail = `only [${allowed}] fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalid(field, schema, detail)]
}
