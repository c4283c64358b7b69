/**
 * The part of JSON Schema that a custom resource may use (kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/
 * custom-resource-definitions, "structural schemas"), as far as it is used here.
 */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema
  readonly items?: JsonSchema
  readonly enum?: readonly string[]
  readonly default?: string | number | boolean | readonly string[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly 'x-kubernetes-int-or-string'?: true
  /** Without a `type`: any value. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
}

type Facts = Omit<JsonSchema, 'type' | 'properties' | 'items'>

export const boolean = (facts: Facts = {}): JsonSchema => ({ type: 'boolean', ...facts })
export const text = (facts: Facts = {}): JsonSchema => ({ type: 'string', ...facts })
export const whole = (facts: Facts = {}): JsonSchema => ({ type: 'integer', ...facts })
export const port = (facts: Facts = {}): JsonSchema => whole({ minimum: 1, maximum: 65_535, ...facts })

export function object(properties: Readonly<Record<string, JsonSchema>>, facts: Facts = {}): JsonSchema {
  return { type: 'object', ...facts, properties }
}

export function list(items: JsonSchema, facts: Facts = {}): JsonSchema {
  return { type: 'array', ...facts, items }
}

/** Any names, all with values of one sort. */
export function dictionary(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values }
}
