import type { Json } from '../../model/json.ts'

export type SchemaType = 'array' | 'boolean' | 'integer' | 'number' | 'object' | 'string'

export const SCHEMA_TYPES: readonly SchemaType[] = [
  'array',
  'boolean',
  'integer',
  'number',
  'object',
  'string',
]

export interface Bounds {
  readonly maximum?: number
  readonly exclusiveMaximum: boolean
  readonly minimum?: number
  readonly exclusiveMinimum: boolean
  readonly multipleOf?: number
}

/** How many characters, items or properties there may be. */
export interface Size {
  readonly min?: number
  readonly max?: number
}

/**
 * One level of an `openAPIV3Schema` (apiextensions.k8s.io/v1 `JSONSchemaProps`), parsed: what is validated,
 * pruned and defaulted by. What only describes (title, example, externalDocs) is left out.
 */
export interface SchemaNode {
  /** Empty: any. `x-kubernetes-int-or-string` gives integer and string. */
  readonly types: readonly SchemaType[]
  readonly nullable: boolean
  /** One that is checked for the type. */
  readonly format?: string
  readonly default?: Json
  readonly enum?: readonly Json[]
  readonly pattern?: { readonly source: string; readonly expression: RegExp }
  readonly bounds: Bounds
  readonly length: Size
  readonly itemCount: Size
  readonly propertyCount: Size
  readonly uniqueItems: boolean
  readonly required: readonly string[]
  /** A map, since `__proto__` may be the name of a property as any other. */
  readonly properties: ReadonlyMap<string, SchemaNode>
  /** `true`: any value, but nothing known of what is inside. */
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly allOf: readonly SchemaNode[]
  readonly anyOf: readonly SchemaNode[]
  readonly oneOf: readonly SchemaNode[]
  readonly not?: SchemaNode
  readonly preserveUnknownFields: boolean
  readonly embeddedResource: boolean
  readonly listType?: string
  readonly listMapKeys: readonly string[]
}

/** The schema of a property that is named in the object, if any is known. */
export function propertySchema(node: SchemaNode | undefined, name: string): SchemaNode | undefined {
  const known = node?.properties.get(name)
  if (known !== undefined) return known
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined
}
