/**
 * The value of an attribute, told apart by its JavaScript type alone (OpenTelemetry `AnyValue`):
 * string · boolean · bigint = int64 · number = double · Uint8Array = bytes · array · map.
 */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>

export interface Attribute {
  readonly key: string
  readonly value: AttributeValue
}

/** In the order in which they came; a key may repeat. */
export type Attributes = readonly Attribute[]

export function findAttribute(attributes: Attributes, key: string): AttributeValue | undefined {
  return attributes.find(attribute => attribute.key === key)?.value
}
