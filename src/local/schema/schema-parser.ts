import type { FailureCause } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { invalid, notSupported, typeInvalid } from './field-causes.ts'
import { formatCheck, INTEGER_FORMATS, NUMBER_FORMATS } from './formats.ts'
import { isList } from './go-text.ts'
import { compilePattern } from './regular-expression.ts'
import { SCHEMA_TYPES, type SchemaNode, type SchemaType, type Size } from './schema-node.ts'

export interface ParsedSchema {
  readonly node: SchemaNode
  /** Keywords with values they cannot have. They were ignored. */
  readonly problems: readonly FailureCause[]
  /** Places of rules that no server of one machine can decide: `spec.x-kubernetes-validations[0]`. */
  readonly unsupported: readonly string[]
}

/** `place` is that of the schema in its definition, `spec.versions[0].schema.openAPIV3Schema`. */
export function parseSchema(schema: JsonObject, place: string): ParsedSchema {
  const findings: Findings = { problems: [], unsupported: [] }
  return { node: parseNode(new Keywords(schema, place, findings)), ...findings }
}

interface Findings {
  readonly problems: FailureCause[]
  readonly unsupported: string[]
}

function parseNode(keywords: Keywords): SchemaNode {
  keywords.noteRules()
  return {
    types: parseTypes(keywords),
    nullable: keywords.flag('nullable'),
    ...keywords.maybe('format', parseFormat(keywords)),
    ...keywords.maybe('default', keywords.value('default')),
    ...keywords.maybe('enum', keywords.list('enum')),
    ...keywords.maybe('pattern', parsePattern(keywords)),
    bounds: {
      ...keywords.maybe('maximum', keywords.number('maximum')),
      ...keywords.maybe('minimum', keywords.number('minimum')),
      ...keywords.maybe('multipleOf', keywords.number('multipleOf')),
      exclusiveMaximum: keywords.flag('exclusiveMaximum'),
      exclusiveMinimum: keywords.flag('exclusiveMinimum'),
    },
    length: parseSize(keywords, 'Length'),
    itemCount: parseSize(keywords, 'Items'),
    propertyCount: parseSize(keywords, 'Properties'),
    uniqueItems: keywords.flag('uniqueItems'),
    required: keywords.texts('required'),
    properties: parseProperties(keywords),
    ...keywords.maybe('additionalProperties', parseAdditional(keywords)),
    ...keywords.maybe('items', parseItems(keywords)),
    allOf: keywords.children('allOf', parseNode),
    anyOf: keywords.children('anyOf', parseNode),
    oneOf: keywords.children('oneOf', parseNode),
    ...keywords.maybe('not', keywords.child('not', parseNode)),
    preserveUnknownFields: keywords.flag('x-kubernetes-preserve-unknown-fields'),
    embeddedResource: keywords.flag('x-kubernetes-embedded-resource'),
    ...keywords.maybe('listType', keywords.text('x-kubernetes-list-type')),
    listMapKeys: keywords.texts('x-kubernetes-list-map-keys'),
  }
}

function parseTypes(keywords: Keywords): readonly SchemaType[] {
  if (keywords.flag('x-kubernetes-int-or-string')) return ['integer', 'string']
  const text = keywords.text('type') ?? ''
  const known = SCHEMA_TYPES.find(type => type === text)
  if (known !== undefined) return [known]
  if (text !== '') keywords.refuse(notSupported(`${keywords.place}.type`, text, SCHEMA_TYPES))
  return []
}

/** Formats that kube-apiserver does not check, or not for that type, are as none. */
function parseFormat(keywords: Keywords): string | undefined {
  const format = keywords.text('format') ?? ''
  const type = keywords.flag('x-kubernetes-int-or-string') ? '' : (keywords.text('type') ?? '')
  if (type === 'integer') return INTEGER_FORMATS.has(format) ? format : undefined
  if (type === 'number') return NUMBER_FORMATS.has(format) ? format : undefined
  return (type === '' || type === 'string') && formatCheck(format) !== undefined ? format : undefined
}

function parsePattern(keywords: Keywords): SchemaNode['pattern'] | undefined {
  const source = keywords.text('pattern') ?? ''
  if (source === '') return undefined
  const pattern = compilePattern(source)
  if (pattern.ok) return { source, expression: pattern.expression }
  const detail = `must be a valid regular expression, but isn't: ${pattern.problem}`
  keywords.refuse(invalid(`${keywords.place}.pattern`, source, detail))
  return undefined
}

function parseSize(keywords: Keywords, what: 'Length' | 'Items' | 'Properties'): Size {
  return {
    ...keywords.maybe('min', keywords.number(`min${what}`)),
    ...keywords.maybe('max', keywords.number(`max${what}`)),
  }
}

function parseProperties(keywords: Keywords): ReadonlyMap<string, SchemaNode> {
  const properties = keywords.object('properties')
  return new Map(
    Object.keys(properties).flatMap(name => {
      const node = keywords.nested(properties[name], `properties[${name}]`, parseNode)
      return node === undefined ? [] : [[name, node] as const]
    }),
  )
}

function parseAdditional(keywords: Keywords): SchemaNode | boolean | undefined {
  const value = keywords.value('additionalProperties')
  if (typeof value === 'boolean') return value
  return keywords.child('additionalProperties', parseNode)
}

/** A list of schemas is refused in words of its own by the rules for definitions. */
function parseItems(keywords: Keywords): SchemaNode | undefined {
  return isList(keywords.value('items')) ? undefined : keywords.child('items', parseNode)
}

/** The keywords of one level, each read as the type it must have. Absent and null are the same. */
class Keywords {
  readonly place: string
  readonly #schema: JsonObject
  readonly #findings: Findings

  constructor(schema: JsonObject, place: string, findings: Findings) {
    this.#schema = schema
    this.place = place
    this.#findings = findings
  }

  refuse(cause: FailureCause): void {
    this.#findings.problems.push(cause)
  }

  noteRules(): void {
    this.list('x-kubernetes-validations')?.forEach((_, at) => {
      this.#findings.unsupported.push(`${this.place}.x-kubernetes-validations[${at}]`)
    })
  }

  value(keyword: string): Json | undefined {
    const value = Object.hasOwn(this.#schema, keyword) ? this.#schema[keyword] : undefined
    return value === null ? undefined : value
  }

  text(keyword: string): string | undefined {
    const value = this.value(keyword)
    return value === undefined || typeof value === 'string' ? value : this.#wrong(keyword, 'string')
  }

  number(keyword: string): number | undefined {
    const value = this.value(keyword)
    return value === undefined || typeof value === 'number' ? value : this.#wrong(keyword, 'number')
  }

  flag(keyword: string): boolean {
    const value = this.value(keyword)
    if (value === undefined || typeof value === 'boolean') return value ?? false
    return this.#wrong(keyword, 'boolean') ?? false
  }

  list(keyword: string): readonly Json[] | undefined {
    const value = this.value(keyword)
    return value === undefined || isList(value) ? value : this.#wrong(keyword, 'array')
  }

  texts(keyword: string): readonly string[] {
    const list = this.list(keyword) ?? []
    const texts = list.filter(item => typeof item === 'string')
    if (texts.length < list.length) this.#wrong(keyword, 'array of strings')
    return texts
  }

  object(keyword: string): JsonObject {
    const value = this.value(keyword)
    if (value === undefined || isJsonObject(value)) return value ?? {}
    return this.#wrong(keyword, 'object') ?? {}
  }

  child<T>(keyword: string, parse: (keywords: Keywords) => T): T | undefined {
    return this.nested(this.value(keyword), keyword, parse)
  }

  children<T>(keyword: string, parse: (keywords: Keywords) => T): readonly T[] {
    return (this.list(keyword) ?? []).flatMap((item, at) => {
      const parsed = this.nested(item, `${keyword}[${at}]`, parse)
      return parsed === undefined ? [] : [parsed]
    })
  }

  nested<T>(value: Json | undefined, keyword: string, parse: (keywords: Keywords) => T): T | undefined {
    if (value === undefined) return undefined
    if (!isJsonObject(value)) return this.#wrong(keyword, 'object')
    return parse(new Keywords(value, `${this.place}.${keyword}`, this.#findings))
  }

  /** A member of an object literal that is there only with a value. */
  maybe<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
    // TypeScript takes computed keys for any text.
    return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T }
  }

  #wrong(keyword: string, type: string): undefined {
    const field = `${this.place}.${keyword}`
    this.refuse(typeInvalid(field, this.value(keyword) ?? '', `must be of type ${type}`))
    return undefined
  }
}
