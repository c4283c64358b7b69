import type { JsonObject } from '../../model/json.ts'
import type { Scalar } from '../kinds/message.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'

/** Scalars that have a definition of their own. */
const DEFINITIONS: ReadonlyMap<Scalar, string> = new Map<Scalar, string>([
  ['Time', `${META}.Time`],
  ['MicroTime', `${META}.MicroTime`],
  ['FieldsV1', `${META}.FieldsV1`],
  ['Quantity', 'io.k8s.apimachinery.pkg.api.resource.Quantity'],
  ['IntOrString', 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'],
  ['RawExtension', 'io.k8s.apimachinery.pkg.runtime.RawExtension'],
  ['JSON', `${EXTENSIONS}.JSON`],
  ['JSONSchemaPropsOrArray', `${EXTENSIONS}.JSONSchemaPropsOrArray`],
  ['JSONSchemaPropsOrBool', `${EXTENSIONS}.JSONSchemaPropsOrBool`],
  ['JSONSchemaPropsOrStringArray', `${EXTENSIONS}.JSONSchemaPropsOrStringArray`],
])

const TIME: JsonObject = { type: 'string', format: 'date-time' }
/** Anything at all. */
const ANY: JsonObject = {}

const FORMS: Readonly<Record<Scalar, JsonObject>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  Time: TIME,
  MicroTime: TIME,
  Quantity: {
    description: 'An amount: `100m`, `1.5Gi`, `2`.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  IntOrString: {
    description: 'A number or a text.',
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  RawExtension: { type: 'object' },
  FieldsV1: { type: 'object' },
  JSON: ANY,
  StringList: { type: 'array', items: { type: 'string' } },
  JSONSchemaPropsOrArray: ANY,
  JSONSchemaPropsOrBool: ANY,
  JSONSchemaPropsOrStringArray: ANY,
}

const BY_DEFINITION: ReadonlyMap<string, JsonObject> = new Map(
  [...DEFINITIONS].map(([scalar, definition]) => [definition, FORMS[scalar]]),
)

export function definitionOfScalar(scalar: Scalar): string | undefined {
  return DEFINITIONS.get(scalar)
}

export function scalarSchema(scalar: Scalar): JsonObject {
  return FORMS[scalar]
}

/** @param definition one of `definitionOfScalar` */
export function scalarDefinition(definition: string): JsonObject {
  return BY_DEFINITION.get(definition) ?? ANY
}
