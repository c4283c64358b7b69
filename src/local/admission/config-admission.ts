import { isDeepStrictEqual } from 'node:util'
import { CONFIG_MAPS, type Resource, SECRETS } from '../../kube/resources.ts'
import type { ConfigMap, KubeObject, Secret } from '../../model/kubernetes.ts'
import { invalid, invalidObject } from '../store/store-errors.ts'

/** What both have beside the fields that are read here. */
interface Keeping extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly binaryData?: Readonly<Record<string, string>>
  readonly immutable?: boolean
}

/** Keys become names of files. */
const KEY = /^[-._a-zA-Z0-9]+$/
const LONGEST_KEY = 253

export function admitConfigMap(map: ConfigMap, previous?: ConfigMap): ConfigMap {
  checkKeys(CONFIG_MAPS, map)
  checkKept(CONFIG_MAPS, map, previous)
  return map
}

/** `stringData` is only for writing: it goes into `data`. */
export function admitSecret(secret: Secret & { readonly stringData?: object }, previous?: Secret): Secret {
  const { stringData, ...rest } = secret
  const written = Object.entries(stringData ?? {}).map(([key, text]): readonly [string, string] => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ])
  const data = written.length === 0 ? {} : { data: { ...rest.data, ...Object.fromEntries(written) } }
  const admitted: Secret = { ...rest, ...data, type: rest.type || 'Opaque' }
  checkKeys(SECRETS, admitted)
  checkKept(SECRETS, admitted, previous)
  checkTyped(admitted)
  if (previous !== undefined && admitted.type !== previous.type)
    throw invalid(
      SECRETS,
      secret.metadata.name,
      'type',
      `Invalid value: "${admitted.type}": field is immutable`,
    )
  return admitted
}

/** What Secrets of a type hold (kubernetes.io/docs/concepts/configuration/secret/#secret-types). */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
}

function checkTyped({ metadata, type = '', data = {} }: Secret): void {
  const needed = Object.hasOwn(NEEDED, type) ? (NEEDED[type] ?? []) : []
  const missing = needed.filter(key => !Object.hasOwn(data, key))
  if (missing.length === 0) return
  const causes = missing.map(key => ({
    field: `data[${key}]`,
    message: 'Required value',
    reason: 'FieldValueRequired',
  }))
  throw invalidObject(SECRETS, metadata.name, causes)
}

function checkKeys(resource: Resource, { metadata, data = {}, binaryData = {} }: Keeping): void {
  const refuse = (field: string, key: string, problem: string) =>
    invalid(resource, metadata.name, `${field}[${key}]`, `Invalid value: "${key}": ${problem}`)
  for (const [field, values] of Object.entries({ data, binaryData })) {
    for (const key of Object.keys(values)) {
      if (!KEY.test(key))
        throw refuse(
          field,
          key,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        )
      if (key === '.') throw refuse(field, key, "must not be '.'")
      if (key === '..') throw refuse(field, key, "must not be '..'")
      if (key.startsWith('..')) throw refuse(field, key, "must not start with '..'")
      if (key.length > LONGEST_KEY) throw refuse(field, key, `must be no more than ${LONGEST_KEY} bytes`)
    }
  }
  const both = Object.keys(data).find(key => Object.hasOwn(binaryData, key))
  if (both !== undefined) throw refuse('data', both, 'duplicate of key present in binaryData')
}

function checkKept(resource: Resource, object: Keeping, previous: Keeping | undefined): void {
  if (previous?.immutable !== true) return
  const refuse = (field: string) =>
    invalid(resource, object.metadata.name, field, 'Forbidden: field is immutable when `immutable` is set')
  if (object.immutable !== true) throw refuse('immutable')
  if (!isDeepStrictEqual(object.data ?? {}, previous.data ?? {})) throw refuse('data')
  if (!isDeepStrictEqual(object.binaryData ?? {}, previous.binaryData ?? {})) throw refuse('binaryData')
}
