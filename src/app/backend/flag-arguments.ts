import { KisekiError } from '../../model/errors.ts'
import { nearestText } from '../../model/nearest-text.ts'
import { FLAGS, type Flag } from './flags.ts'
import { isIgnored, isProtection } from './ignored-flags.ts'

export interface GivenFlags {
  /** By name without dashes; of one that is given twice, the last one. */
  readonly values: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
}

const NAMES: readonly string[] = Object.values(FLAGS).flatMap(({ name, aliases = [] }) => [name, ...aliases])
const BARE: ReadonlyMap<string, string | undefined> = new Map(
  Object.values(FLAGS).map(({ name, value }: Flag<unknown>) => [name, value.bare]),
)

/** Reads `--name=value` and `--name value`, also with one dash, as Go's programs do. */
export function readArguments(given: readonly string[]): GivenFlags {
  const values = new Map<string, string>()
  const warnings: string[] = []
  const rest = [...given]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const { name, value } = split(argument)
    if (NAMES.includes(name)) {
      values.set(name, value ?? BARE.get(name) ?? takeValue(rest, name))
    } else if (isIgnored(name)) {
      // Whether it is a flag without value only Jaeger knows; a value does not look like a flag.
      const ignored = value ?? (rest[0]?.startsWith('-') === false ? rest.shift() : undefined)
      warnings.push(ignore(name, ignored ?? 'true'))
    } else {
      throw unknown(name)
    }
  }
  return { values, warnings }
}

function split(argument: string): { name: string; value: string | undefined } {
  const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
  if (name === undefined) {
    throw new KisekiError('KISEKI_UNKNOWN_FLAG', `${JSON.stringify(argument)} is no flag`)
  }
  return { name, value }
}

function takeValue(rest: string[], name: string): string {
  const value = rest.shift()
  if (value === undefined) throw new KisekiError('KISEKI_BAD_FLAG', `--${name} needs a value`)
  return value
}

function ignore(name: string, value: string): string {
  if (isProtection(name, value)) {
    throw new KisekiError('KISEKI_BAD_FLAG', `--${name} protects something in Jaeger and does not here yet`, {
      remedy: `Leave --${name} away, and put a server in front that protects.`,
    })
  }
  return `--${name} is of Jaeger and has no effect here`
}

function unknown(name: string): KisekiError {
  const near = nearestText(name, NAMES)
  return new KisekiError(
    'KISEKI_UNKNOWN_FLAG',
    near === undefined ? `unknown flag --${name}` : `unknown flag --${name}; is it --${near}?`,
  )
}
