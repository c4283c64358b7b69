import { messageNamed } from './built-in-kinds.ts'
import type { Field, Scalar } from './message.ts'

/** The Go type of a field, as its messages name it: `[]v1.Container`, `map[string]string`, `int32`. */
export function goType(field: Field): string {
  const item = goItemType(field)
  if (field.shape === 'one') return item
  if (field.shape === 'list') return `[]${item}`
  // Amounts by name of the resource have a type of their own wherever they are.
  return item === 'resource.Quantity' ? 'v1.ResourceList' : `map[string]${item}`
}

export function goItemType({ type }: Field): string {
  if ('message' in type) return `v1.${messageNamed(type.message).goName}`
  if (type.goName !== undefined) return `${type.goName === 'UID' ? 'types' : 'v1'}.${type.goName}`
  return GO_SCALARS[type.scalar]
}

const GO_SCALARS: Readonly<Record<Scalar, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  bytes: '[]uint8',
  Time: 'v1.Time',
  MicroTime: 'v1.MicroTime',
  Quantity: 'resource.Quantity',
  IntOrString: 'intstr.IntOrString',
  RawExtension: 'runtime.RawExtension',
  FieldsV1: 'v1.FieldsV1',
  JSON: 'v1.JSON',
  StringList: 'v1.ExtraValue',
  JSONSchemaPropsOrArray: 'v1.JSONSchemaPropsOrArray',
  JSONSchemaPropsOrBool: 'v1.JSONSchemaPropsOrBool',
  JSONSchemaPropsOrStringArray: 'v1.JSONSchemaPropsOrStringArray',
}
