import { parseEnv } from 'node:util'
import { KisekiError } from '../../model/errors.ts'

/** What a `.env` file says of the demo, with the names that osm-edge's demo has. */
export interface DemoSettings {
  /** False: without Jaeger, and tracing is off; whoever brings a collector along switches it on. */
  readonly deployJaeger: boolean
  readonly meshName: string
  /** Of the control plane. */
  readonly meshNamespace: string
}

export const DEFAULT_DEMO_SETTINGS: DemoSettings = {
  deployJaeger: true,
  meshName: 'osm',
  meshNamespace: 'osm-system',
}

/**
 * Reads the text of a `.env` file: `DEPLOY_JAEGER`, `MESH_NAME`, `K8S_NAMESPACE`; an empty value counts as none, and
 * variables of others are left alone. `KISEKI_BAD_FLAG` names the one that cannot be used.
 */
export function parseDemoSettings(text: string, file: string): DemoSettings {
  const { DEPLOY_JAEGER, MESH_NAME, K8S_NAMESPACE } = parseEnv(text)
  const defaults = DEFAULT_DEMO_SETTINGS
  return {
    deployJaeger: DEPLOY_JAEGER ? booleanIn(DEPLOY_JAEGER, file) : defaults.deployJaeger,
    meshName: MESH_NAME ? nameIn('MESH_NAME', MESH_NAME, file) : defaults.meshName,
    meshNamespace: K8S_NAMESPACE ? nameIn('K8S_NAMESPACE', K8S_NAMESPACE, file) : defaults.meshNamespace,
  }
}

function booleanIn(text: string, file: string): boolean {
  const value = text.toLowerCase()
  if (value === 'true' || value === 'false') return value === 'true'
  throw unusable('DEPLOY_JAEGER', text, `${file}: it takes true or false`)
}

/** RFC 1123, label. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

function nameIn(variable: string, text: string, file: string): string {
  if (NAME.test(text)) return text
  throw unusable(
    variable,
    text,
    `${file}: it takes at most 63 lower-case letters, digits and "-" between them`,
  )
}

function unusable(variable: string, text: string, rule: string): KisekiError {
  return new KisekiError('KISEKI_BAD_FLAG', `${variable}=${text} in ${rule}`, {
    remedy: 'Correct the file, or name another one: --env-file <file>.',
  })
}
