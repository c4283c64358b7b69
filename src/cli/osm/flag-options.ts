import { InvalidArgumentError, Option } from 'commander'
import { duration } from '../../app/backend/flag-values.ts'

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647

/** Milliseconds, whole and at least one. */
export function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseDuration)
}

function parseDuration(text: string): number {
  const millis = Math.ceil((duration.parse(text) ?? 0) / 1000)
  if (millis < 1 || millis > MOST_MILLIS)
    throw new InvalidArgumentError('It takes a number and a unit: 500ms, 90s, 2m, 1m30s; 24 days at most.')
  return millis
}

export function portOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; 0 takes a free one`).argParser(text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value > 65535)
      throw new InvalidArgumentError('It takes a number from 0 to 65535.')
    return value
  })
}

/** Milliseconds; infinite where it says that there is no limit: `0`. */
export function timeoutOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; 0 has no limit`).argParser(text =>
    /^0[a-z]*$/.test(text) ? Number.POSITIVE_INFINITY : parseDuration(text),
  )
}

/** `--flag`, `--flag=true`, `--flag=false`, as Go's programs take it. */
export function booleanOption(name: string, description: string, fallback: boolean): Option {
  return new Option(`${name} [boolean]`, description).argParser(parseBoolean).default(fallback)
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function parseBoolean(text: string): boolean {
  const value = BOOLEANS.get(text.toLowerCase())
  if (value === undefined) throw new InvalidArgumentError('It takes true or false.')
  return value
}

/** May be given several times; the values are kept in order. */
export function repeatableOption(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((text: string, before: readonly string[] = []) => [...before, text])
    .default([], 'none')
}

/** Scripts for osm-edge name the local end of a port-forward; here nothing is forwarded. */
export function unusedPortOption(): Option {
  return new Option('-p, --local-port <port>', 'accepted, without effect').hideHelp()
}
