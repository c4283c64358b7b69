import type { Container, EnvVar, KeySelector, Pod } from '../../model/kubernetes-pod.ts'
import type { ConfigObjects } from './config-objects.ts'
import { fieldValue } from './field-path.ts'
import { type MachineResources, resourceFieldValue } from './resource-field.ts'

export interface VariableScope {
  readonly pod: Pod
  readonly container: Container
  readonly podIP: string
  readonly config: ConfigObjects
  readonly machine: MachineResources
}

/** The variables of `envFrom`, in its order: the later one wins. Throws an `Error` in the words of the kubelet. */
export function variablesFrom({ container, config }: VariableScope): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef === undefined ? {} : configMapData(configMapRef, config)
    const secrets = secretRef === undefined ? {} : secretData(secretRef, config)
    for (const [key, value] of [...Object.entries(data), ...Object.entries(secrets)]) {
      const name = `${prefix}${key}`
      // The system has no such variables.
      if (!/[=\0]/.test(name)) variables.set(name, value)
    }
  }
  return variables
}

/** Undefined where it is optional and missing. Throws an `Error` in the words of the kubelet, or that names the variable. */
export function sourcedValue(
  { name, valueFrom = {} }: Pick<EnvVar, 'name' | 'valueFrom'>,
  scope: VariableScope,
): string | undefined {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  const { pod, podIP, config } = scope
  if (configMapKeyRef !== undefined) {
    return keyOf('ConfigMap', configMapKeyRef, configMapData(configMapKeyRef, config), pod)
  }
  if (secretKeyRef !== undefined) return keyOf('Secret', secretKeyRef, secretData(secretKeyRef, config), pod)
  if (resourceFieldRef !== undefined) return resourceFieldValue(resourceFieldRef, scope)
  if (fieldRef === undefined) throw new Error(`variable ${name}: valueFrom names no source that is known`)
  const found = fieldValue(pod, podIP, fieldRef.fieldPath)
  if (found === undefined) throw new Error(`variable ${name}: there is no field "${fieldRef.fieldPath}"`)
  return found
}

interface Reference {
  readonly name: string
  readonly optional?: boolean
}

type Texts = Readonly<Record<string, string>>

function configMapData({ name, optional = false }: Reference, { configMaps }: ConfigObjects): Texts {
  const found = configMaps.get(name)
  if (found === undefined && !optional) throw new Error(`configmap "${name}" not found`)
  return found?.data ?? {}
}

function secretData({ name, optional = false }: Reference, { secrets }: ConfigObjects): Texts {
  const found = secrets.get(name)
  if (found === undefined && !optional) throw new Error(`secret "${name}" not found`)
  const texts = Object.entries(found?.data ?? {}).map(([key, value]) => [key, fromBase64(value)])
  return Object.fromEntries(texts)
}

function keyOf(
  kind: 'ConfigMap' | 'Secret',
  { name, key, optional = false }: KeySelector,
  data: Texts,
  { metadata }: Pod,
): string | undefined {
  if (Object.hasOwn(data, key)) return data[key]
  if (optional) return undefined
  throw new Error(`couldn't find key ${key} in ${kind} ${metadata.namespace}/${name}`)
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}
