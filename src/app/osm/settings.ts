import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { isJsonObject } from '../../model/json.ts'

const DEFAULT_NAMESPACE = 'osm-system'

/** What the environment file says of the installation: osm-edge's `~/.osm/config.yaml`. */
export interface OsmSettings {
  /** `managed`: somebody else installs and removes the control plane. */
  readonly kind: 'self-hosted' | 'managed'
  readonly distribution: string
  /** Of the control plane, unless `--osm-namespace` says otherwise. */
  readonly namespace: string
}

export interface SettingsPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Undefined: there is no such file. Default: the file system. */
  readonly readFile?: (path: string) => string | undefined
}

/** Reads the file that `OSM_CONFIG` names, or `~/.osm/config.yaml`; without it the defaults hold. */
export function readSettings({ env, home, readFile = readIfThere }: SettingsPlace): OsmSettings {
  const path = env['OSM_CONFIG'] || join(home, '.osm', 'config.yaml')
  try {
    return parseSettings(readFile(path))
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_FLAG', `Error parsing environment configuration: ${messageOf(error)}`, {
      remedy: `Correct or remove ${path}; OSM_CONFIG names another one.`,
      cause: error,
    })
  }
}

function parseSettings(content: string | undefined): OsmSettings {
  const file: unknown = content === undefined ? {} : (parse(content) ?? {})
  if (!isJsonObject(file)) throw new Error('it must hold an object')
  const install = file['install'] ?? {}
  if (!isJsonObject(install)) throw new Error('install must be an object')
  const kind = textIn(install, 'kind') || 'self-hosted'
  if (kind !== 'self-hosted' && kind !== 'managed')
    throw new Error(`install.kind must be self-hosted or managed, but is ${JSON.stringify(kind)}`)
  return {
    kind,
    distribution: textIn(install, 'distribution'),
    namespace: textIn(install, 'namespace') || DEFAULT_NAMESPACE,
  }
}

function textIn(install: Readonly<Record<string, unknown>>, name: string): string {
  const value = install[name] ?? ''
  if (typeof value !== 'string') throw new Error(`install.${name} must be a text`)
  return value
}

/** What `osm env` prints. */
export function printSettings({ kind, distribution, namespace }: OsmSettings): string {
  return `---\n${stringify({ install: { kind, distribution, namespace } })}`
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
