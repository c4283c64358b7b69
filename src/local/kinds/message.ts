import type { Json } from '../../model/json.ts'

/**
 * What a field holds that is no message of its own fields. Some have one form in JSON and another in protobuf:
 * `Time` and `MicroTime` are RFC 3339 texts, `bytes` base64, `Quantity` is `500m` or a number, `RawExtension`,
 * `FieldsV1` and `JSON` are any JSON, `StringList` is a list in a map, and the `JSONSchemaPropsOr…` are what
 * their names say.
 */
export const SCALARS = [
  'string',
  'bool',
  'int32',
  'int64',
  'double',
  'bytes',
  'Time',
  'MicroTime',
  'Quantity',
  'IntOrString',
  'RawExtension',
  'FieldsV1',
  'JSON',
  'StringList',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
] as const

export type Scalar = (typeof SCALARS)[number]

export type FieldType =
  | {
      readonly scalar: Scalar
      /** The name Go has for this kind of string, as messages of the API show it: `PullPolicy`. */
      readonly goName?: string
    }
  /** `core.PodSpec` */
  | { readonly message: string }

/** How a strategic merge patch treats a list or an object. */
export interface PatchRule {
  /** Empty: objects are merged, lists are replaced. */
  readonly strategies: readonly PatchStrategy[]
  /** What items of a merged list are told apart by. Absent: the items are plain values. */
  readonly key?: string
}

export const PATCH_STRATEGIES = ['merge', 'replace', 'retainKeys'] as const

export type PatchStrategy = (typeof PATCH_STRATEGIES)[number]

export interface Field {
  /** In JSON. Of an embedded message: that message's name. */
  readonly name: string
  /** In protobuf; 0 where JSON alone has the field. */
  readonly number: number
  readonly type: FieldType
  readonly shape: 'one' | 'list' | 'map'
  /** The message's fields are those of the message around it, in JSON. */
  readonly isEmbedded: boolean
  /** As the published OpenAPI has it. */
  readonly isRequired: boolean
  /** Whether JSON has a zero (`""`, 0, false) that was on the wire. Go writes all that are not pointers. */
  readonly keepsZero: boolean
  /** Lists whose items are told apart by these fields when they are applied. */
  readonly listKeys: readonly string[]
  /** A list of which each value is there once. */
  readonly isSet: boolean
  /** Applied as a whole. */
  readonly isAtomic: boolean
  readonly patch: PatchRule
  readonly default?: Json
}

export interface Message {
  /** `core.PodSpec` */
  readonly name: string
  /** `PodSpec` */
  readonly goName: string
  /** `io.k8s.api.core.v1.PodSpec` */
  readonly definition: string
  readonly isAtomic: boolean
  /** By protobuf number; embedded messages are one field. */
  readonly wireFields: ReadonlyMap<number, Field>
  /** By name, `apiVersion` and `kind` of objects among them; the fields of embedded messages are not. */
  readonly ownFields: ReadonlyMap<string, Field>
}
