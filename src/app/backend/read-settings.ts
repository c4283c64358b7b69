import { KisekiError } from '../../model/errors.ts'
import { readArguments } from './flag-arguments.ts'
import { FLAGS, type Flag, type Surroundings, variableName } from './flags.ts'
import { ignoredVariables, isProtectionVariable } from './ignored-flags.ts'
import type { Settings } from './settings.ts'

export interface SettingsSource {
  /** What follows the command. */
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly heapLimitBytes: number
}

export interface ReadSettings {
  readonly settings: Settings
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[]
}

const LISTEN_HOST = 'JAEGER_LISTEN_HOST'
const DEFAULT_LISTEN_HOST = '127.0.0.1'
/** The rest is for what is being received and answered. */
const LARGEST_SHARE_OF_HEAP = 0.75

export function surroundingsOf(source: SettingsSource): Surroundings {
  return {
    listenHost: source.env[LISTEN_HOST] || DEFAULT_LISTEN_HOST,
    heapLimitBytes: source.heapLimitBytes,
  }
}

/**
 * Flags win over environment variables, and these over defaults. Throws KISEKI_UNKNOWN_FLAG and KISEKI_BAD_FLAG;
 * flags of Jaeger v1 that do nothing here are warned of.
 */
export function readSettings(source: SettingsSource): ReadSettings {
  const given = readArguments(source.arguments)
  const surroundings = surroundingsOf(source)
  const read = <T>(flag: Flag<T>): T => {
    const names = [flag.name, ...(flag.aliases ?? [])]
    for (const name of names) {
      const text = given.values.get(name)
      if (text !== undefined) return parse(flag, text, `--${name}`)
    }
    for (const name of names.map(variableName)) {
      const text = source.env[name] ?? ''
      if (text !== '') return parse(flag, text, name)
    }
    return parse(flag, flag.fallback(surroundings), `the default of --${flag.name}`)
  }
  const settings: Settings = {
    zipkin: read(FLAGS.zipkin),
    otlp: read(FLAGS.otlp),
    otlpGrpc: read(FLAGS.otlpGrpc),
    otlpHttp: read(FLAGS.otlpHttp),
    otlpCorsOrigins: read(FLAGS.otlpCorsOrigins),
    otlpCorsHeaders: read(FLAGS.otlpCorsHeaders),
    corsOrigins: read(FLAGS.corsOrigins),
    corsHeaders: read(FLAGS.corsHeaders),
    query: read(FLAGS.query),
    basePath: read(FLAGS.basePath),
    maxClockSkew: read(FLAGS.maxClockSkew),
    admin: read(FLAGS.admin),
    storage: read(FLAGS.storage),
    maxTraces: read(FLAGS.maxTraces),
    maxBytes: read(FLAGS.maxBytes),
    logLevel: read(FLAGS.logLevel),
  }
  if (settings.maxBytes > source.heapLimitBytes * LARGEST_SHARE_OF_HEAP) throw tooMuch(settings, source)
  return { settings, warnings: [...given.warnings, ...warnOfVariables(source.env)] }
}

function parse<T>(flag: Flag<T>, text: string, where: string): T {
  const value = flag.value.parse(text)
  if (value !== undefined) return value
  throw new KisekiError('KISEKI_BAD_FLAG', `${where}=${text} cannot be used: it takes ${flag.value.takes}`)
}

function tooMuch({ maxBytes }: Settings, { heapLimitBytes }: SettingsSource): KisekiError {
  const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
  const heap = mebibytes(heapLimitBytes)
  const enough = mebibytes(maxBytes / LARGEST_SHARE_OF_HEAP)
  return new KisekiError(
    'KISEKI_BAD_FLAG',
    `--${FLAGS.maxBytes.name}: spans of ${mebibytes(maxBytes)} MiB do not fit into a heap of ${heap} MiB`,
    { remedy: `Ask for less, or set NODE_OPTIONS=--max-old-space-size=${enough}.` },
  )
}

function warnOfVariables(env: SettingsSource['env']): readonly string[] {
  return ignoredVariables(env).map(name => {
    if (isProtectionVariable(name, env[name] ?? '')) {
      throw new KisekiError('KISEKI_BAD_FLAG', `${name} protects something in Jaeger and does not here yet`, {
        remedy: `Unset ${name}, and put a server in front that protects.`,
      })
    }
    return `${name} is of Jaeger and has no effect here`
  })
}
