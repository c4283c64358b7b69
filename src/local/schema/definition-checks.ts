import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { groupProblems, namesProblems, ownNameProblems, scopeProblems } from './definition-names.ts'
import { schemaOf, sharedProblems, versionsProblems } from './definition-versions.ts'
import { forbidden, invalid, notSupported, required } from './field-causes.ts'
import { findObject, flagAt, listAt, objectAt, objectsAt, textAt } from './json-reading.ts'
import { approvalProblems } from './protected-groups.ts'
import { parseSchema } from './schema-parser.ts'

/**
 * What kube-apiserver refuses in a CustomResourceDefinition of apiextensions.k8s.io/v1, in its words and order.
 * With the definition before an update, also what may not change. Empty: it may be served.
 */
export function checkDefinition(definition: JsonObject, old?: JsonObject): readonly FailureCause[] {
  const spec = objectAt(definition, 'spec')
  const names = objectAt(spec, 'names')
  const group = textAt(spec, 'group')
  const expected = `${textAt(names, 'plural')}.${group}`
  return [
    ...ownNameProblems(textAt(objectAt(definition, 'metadata'), 'name'), expected),
    ...groupProblems(group),
    ...scopeProblems(textAt(spec, 'scope')),
    ...versionsProblems(spec),
    ...namesProblems(names),
    ...sharedProblems(spec),
    ...conversionProblems(spec),
    ...(old === undefined ? [] : changeProblems(spec, objectAt(old, 'spec'))),
    ...approvalProblems(definition, group),
    ...preserveProblems(spec),
  ]
}

/**
 * What a definition asks for that is not done here, one place each: conversion by a webhook, and rules in CEL.
 * The caller answers 501, or says so in a warning.
 */
export function unsupportedFeatures(definition: JsonObject): readonly string[] {
  const spec = objectAt(definition, 'spec')
  const conversion = textAt(objectAt(spec, 'conversion'), 'strategy')
  return [
    ...(conversion === 'Webhook' ? ['spec.conversion.strategy: Webhook'] : []),
    ...objectsAt(spec, 'versions').flatMap((version, at) => {
      const schema = schemaOf(version)
      return schema === undefined
        ? []
        : parseSchema(schema, `spec.versions[${at}].schema.openAPIV3Schema`).unsupported
    }),
  ]
}

function conversionProblems(spec: JsonObject): readonly FailureCause[] {
  const conversion = findObject(spec, 'conversion')
  if (conversion === undefined) return []
  const strategy = textAt(conversion, 'strategy')
  const field = 'spec.conversion.strategy'
  if (strategy === '') return [required(field)]
  if (strategy !== 'None' && strategy !== 'Webhook') {
    return [notSupported(field, strategy, ['None', 'Webhook'])]
  }
  const webhook = findObject(conversion, 'webhook')
  if (strategy === 'Webhook') {
    const missing = 'required when strategy is set to Webhook'
    return webhook === undefined ? [required('spec.conversion.webhookClientConfig', missing)] : []
  }
  const detail = 'should not be set when strategy is not set to Webhook'
  return [
    ...(webhook !== undefined && findObject(webhook, 'clientConfig') !== undefined
      ? [forbidden('spec.conversion.webhookClientConfig', detail)]
      : []),
    ...(webhook !== undefined && listAt(webhook, 'conversionReviewVersions').length > 0
      ? [forbidden('spec.conversion.conversionReviewVersions', detail)]
      : []),
  ]
}

/** Objects are stored by these; a definition that changed them would lose its objects. */
function changeProblems(spec: JsonObject, old: JsonObject): readonly FailureCause[] {
  const names = objectAt(spec, 'names')
  const oldNames = objectAt(old, 'names')
  const pairs = [
    ['spec.scope', textAt(spec, 'scope'), textAt(old, 'scope')],
    ['spec.names.kind', textAt(names, 'kind'), textAt(oldNames, 'kind')],
    ['spec.group', textAt(spec, 'group'), textAt(old, 'group')],
    ['spec.names.plural', textAt(names, 'plural'), textAt(oldNames, 'plural')],
  ] as const
  return pairs.flatMap(([field, now, before]) =>
    now === before ? [] : [invalid(field, now, 'field is immutable')],
  )
}

function preserveProblems(spec: JsonObject): readonly FailureCause[] {
  if (!flagAt(spec, 'preserveUnknownFields')) return []
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalid('spec.preserveUnknownFields', true, detail)]
}
