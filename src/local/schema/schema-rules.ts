import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { forbidden, invalid, notSupported, required } from './field-causes.ts'
import { isList } from './go-text.ts'
import { findObject, flagAt, objectAt, objectsAt, textAt, valueAt } from './json-reading.ts'
import { listTypeProblems } from './list-type-rules.ts'

/** What kube-apiserver does not take in any schema of a definition, structural or not, at every level of it. */
export function schemaProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  return levelProblems(schema, { place, isRoot: true, inMeta: false })
}

interface Level {
  readonly place: string
  readonly isRoot: boolean
  /** Inside of the metadata of an object. */
  readonly inMeta: boolean
  /** Why there may be no defaults. */
  readonly noDefaults?: string
}

const META_FIELDS = ['metadata', 'kind', 'apiVersion']

function levelProblems(schema: JsonObject, level: Level): readonly FailureCause[] {
  const { place } = level
  return [
    ...keywordProblems(schema, level),
    ...additionalProblems(schema, level),
    ...propertyProblems(schema, level),
    ...branchProblems(schema, level),
    ...itemsProblems(schema, level),
    ...mapTypeProblems(schema, place),
    ...listTypeProblems(schema, place),
    ...ruleProblems(schema, place),
  ]
}

function keywordProblems(schema: JsonObject, { place, inMeta, noDefaults }: Level): readonly FailureCause[] {
  const found: FailureCause[] = []
  if (valueAt(schema, 'default') !== undefined && noDefaults !== undefined) {
    found.push(forbidden(`${place}.default`, `must not be set ${noDefaults}`))
  }
  for (const keyword of UNSUPPORTED) {
    if (valueAt(schema, keyword) !== undefined) {
      found.push(forbidden(`${place}.${keyword}`, `${keyword} is not supported`))
    }
  }
  if (textAt(schema, 'type') === 'null') {
    found.push(forbidden(`${place}.type`, 'type cannot be set to null, use nullable as an alternative'))
  }
  if (isList(valueAt(schema, 'items'))) {
    found.push(forbidden(`${place}.items`, 'items must be a schema object and not an array'))
  }
  if (inMeta && flagAt(schema, 'x-kubernetes-embedded-resource')) {
    const detail = 'must not be used inside of resource meta'
    found.push(forbidden(`${place}.x-kubernetes-embedded-resource`, detail))
  }
  if (flagAt(schema, 'uniqueItems')) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    found.push(forbidden(`${place}.uniqueItems`, detail))
  }
  if (valueAt(schema, PRESERVE) === false) {
    found.push(invalid(`${place}.${PRESERVE}`, false, 'must be true or undefined'))
  }
  return found
}

const PRESERVE = 'x-kubernetes-preserve-unknown-fields'
const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref']

function additionalProblems(schema: JsonObject, level: Level): readonly FailureCause[] {
  const additional = valueAt(schema, 'additionalProperties')
  if (additional === undefined) return []
  const found: FailureCause[] = []
  const field = `${level.place}.additionalProperties`
  if (Object.keys(objectAt(schema, 'properties')).length > 0 && additional !== true) {
    found.push(forbidden(field, 'additionalProperties and properties are mutual exclusive'))
  }
  const nested = findObject(schema, 'additionalProperties')
  if (nested !== undefined) {
    const noDefaults = 'inside additionalProperties applying to object metadata'
    const inner = { ...level, place: field, isRoot: false, ...(level.inMeta ? { noDefaults } : {}) }
    found.push(...levelProblems(nested, inner))
  }
  return found
}

function propertyProblems(schema: JsonObject, level: Level): readonly FailureCause[] {
  const properties = objectAt(schema, 'properties')
  const hasMeta = level.isRoot || flagAt(schema, 'x-kubernetes-embedded-resource')
  return Object.keys(properties).flatMap(name => {
    const isMeta = hasMeta && META_FIELDS.includes(name)
    return levelProblems(objectAt(properties, name), {
      ...level,
      place: `${level.place}.properties[${name}]`,
      isRoot: false,
      inMeta: level.inMeta || isMeta,
      ...(isMeta && level.isRoot ? { noDefaults: `in top-level ${name}` } : {}),
    })
  })
}

function branchProblems(schema: JsonObject, level: Level): readonly FailureCause[] {
  const not = findObject(schema, 'not')
  const inner = (place: string): Level => ({ ...level, place: `${level.place}.${place}`, isRoot: false })
  return [
    ...(not === undefined ? [] : levelProblems(not, inner('not'))),
    ...['allOf', 'oneOf', 'anyOf'].flatMap(junctor =>
      objectsAt(schema, junctor).flatMap((one, at) => levelProblems(one, inner(`${junctor}[${at}]`))),
    ),
  ]
}

function itemsProblems(schema: JsonObject, level: Level): readonly FailureCause[] {
  const items = findObject(schema, 'items')
  if (items === undefined) return []
  return levelProblems(items, { ...level, place: `${level.place}.items`, isRoot: false })
}

function mapTypeProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const mapType = textAt(schema, 'x-kubernetes-map-type')
  if (mapType === '') return []
  const found: FailureCause[] = []
  const type = textAt(schema, 'type')
  const rule = 'must be object if x-kubernetes-map-type is specified'
  if (type === '') found.push(required(`${place}.type`, rule))
  else if (type !== 'object') found.push(invalid(`${place}.type`, type, rule))
  if (mapType !== 'atomic' && mapType !== 'granular') {
    found.push(notSupported(`${place}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']))
  }
  return found
}

/** Rules are not run here, but one without a text is refused all the same. */
function ruleProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  return objectsAt(schema, 'x-kubernetes-validations').flatMap((rule, at) =>
    textAt(rule, 'rule').trim() === ''
      ? [required(`${place}.x-kubernetes-validations[${at}].rule`, 'rule is not specified')]
      : [],
  )
}
