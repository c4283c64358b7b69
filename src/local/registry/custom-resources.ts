import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { compileSchema } from '../schema/object-schema.ts'
import type { ApiResource, ScalePaths, Subresource } from './api-resource.ts'
import { ALL_VERBS, SCALE, STATUS } from './built-in-resources.ts'

/**
 * What a CustomResourceDefinition (apiextensions.k8s.io/v1) makes the API serve: one resource a served version.
 * It was checked when it was created.
 */
export function resourcesOf(definition: KubeObject): readonly ApiResource[] {
  const spec = objectAt(definition, 'spec')
  const versions = listOf(spec['versions']).filter(isJsonObject)
  const storage = versions.find(({ storage }) => storage === true)
  return versions
    .filter(({ served }) => served === true)
    .map(version => resourceOf(spec, version, textOf(storage?.['name'])))
}

function resourceOf(spec: JsonObject, version: JsonObject, storageVersion: string): ApiResource {
  const names = objectAt(spec, 'names')
  const kind = textOf(names['kind'])
  const openAPIV3Schema = objectAt(objectAt(version, 'schema'), 'openAPIV3Schema')
  const subresources = objectAt(version, 'subresources')
  const scale = isJsonObject(subresources['scale']) ? scalePaths(subresources['scale']) : undefined
  return {
    group: textOf(spec['group']),
    version: textOf(version['name']),
    plural: textOf(names['plural']),
    kind,
    namespaced: spec['scope'] === 'Namespaced',
    singular: textOf(names['singular']) || kind.toLowerCase(),
    shortNames: listOf(names['shortNames']).map(textOf),
    categories: listOf(names['categories']).map(textOf),
    verbs: ALL_VERBS,
    subresources: subresourcesOf(subresources),
    ...(scale === undefined ? {} : { scale }),
    custom: {
      schema: compileSchema(openAPIV3Schema),
      openAPIV3Schema,
      printerColumns: version['additionalPrinterColumns'],
      storageVersion,
    },
  }
}

function subresourcesOf(written: JsonObject): readonly Subresource[] {
  return [
    ...(written['status'] === undefined ? [] : [STATUS]),
    ...(written['scale'] === undefined ? [] : [SCALE]),
  ]
}

function scalePaths(scale: JsonObject): ScalePaths {
  const selector = textOf(scale['labelSelectorPath'])
  return {
    specReplicas: pathOf(textOf(scale['specReplicasPath'])),
    statusReplicas: pathOf(textOf(scale['statusReplicasPath'])),
    ...(selector === '' ? {} : { selector: pathOf(selector) }),
  }
}

/** `.spec.replicas` */
function pathOf(text: string): readonly string[] {
  return text.split('.').filter(part => part !== '')
}

function objectAt(value: object, key: string): JsonObject {
  const found = Object.entries(value).find(([name]) => name === key)?.[1]
  return isJsonObject(found) ? found : {}
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
