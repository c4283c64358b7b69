import { type Micros, micros } from '../../model/micros.ts'
import { type BasePath, parseBasePath } from '../../query/base-path.ts'
import { parseDuration } from '../../query/duration-syntax.ts'
import type { ListenAddress } from '../../runtime/http-server.ts'
import type { LogLevel } from '../../runtime/logger.ts'

/** How the text of a flag becomes its value. */
export interface FlagValue<T> {
  /** What it takes, for help and for errors: "takes …". */
  readonly takes: string
  /** Undefined: the text is none of it. */
  readonly parse: (text: string) => T | undefined
  /** What the flag without a value stands for. Only one that has this can be without. */
  readonly bare?: string
}

const LISTEN_ADDRESS = /^(?:(?<host>\[[0-9a-fA-F:.]+\]|[^:\s[\]]*):)?(?<port>[0-9]{1,5})$/
const HIGHEST_PORT = 65_535

/** As in Jaeger v1: a port without host means all interfaces. */
export const listenAddress: FlagValue<ListenAddress> = {
  takes: 'host:port, or a port alone for all interfaces; port 0 takes a free one',
  parse(text) {
    const { host = '', port = '' } = LISTEN_ADDRESS.exec(text)?.groups ?? {}
    if (port === '' || Number(port) > HIGHEST_PORT) return undefined
    return { host: host === '' ? undefined : host.replace(/^\[|\]$/g, ''), port: Number(port) }
  },
}

export const optionalListenAddress: FlagValue<ListenAddress | 'off'> = {
  takes: `${listenAddress.takes}; nothing to switch it off`,
  parse: text => (text === '' ? 'off' : listenAddress.parse(text)),
}

const SIZE = /^(?<amount>[0-9]+(?:\.[0-9]+)?)\s*(?<unit>|B|k|kB|KiB|M|MB|MiB|G|GB|GiB)$/
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['k', 1e3],
  ['kB', 1e3],
  ['KiB', 2 ** 10],
  ['M', 1e6],
  ['MB', 1e6],
  ['MiB', 2 ** 20],
  ['G', 1e9],
  ['GB', 1e9],
  ['GiB', 2 ** 30],
])

export const byteSize: FlagValue<number> = {
  takes: 'a size in bytes, or with a unit: 500MB, 256MiB, 1.5GiB',
  parse(text) {
    const { amount, unit = '' } = SIZE.exec(text)?.groups ?? {}
    const bytes = Math.floor(Number(amount) * (UNITS.get(unit) ?? Number.NaN))
    return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
  },
}

export const count: FlagValue<number> = {
  takes: 'a whole number, 0 or more',
  parse: text => (/^[0-9]{1,15}$/.test(text) ? Number(text) : undefined),
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

export const boolean: FlagValue<boolean> = {
  takes: 'true or false',
  parse: text => TRUTHS.get(text.toLowerCase()),
  bare: 'true',
}

export const duration: FlagValue<Micros> = {
  takes: 'a duration as Go writes it: 0s, 500ms, 1m30s',
  parse(text) {
    const parsed = parseDuration(text)
    return parsed.status === 'read' && parsed.micros >= 0 ? micros(parsed.micros) : undefined
  },
}

export const basePath: FlagValue<BasePath> = {
  takes: 'a path: /, or like /jaeger',
  parse: parseBasePath,
}

const LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  // Levels that Jaeger has as well.
  ['dpanic', 'error'],
  ['panic', 'error'],
  ['fatal', 'error'],
])

export const logLevel: FlagValue<LogLevel> = {
  takes: 'debug, info, warn or error',
  parse: text => LEVELS.get(text.toLowerCase()),
}

export const list: FlagValue<readonly string[]> = {
  takes: 'a list with commas',
  parse: text =>
    text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
}

/** One of the words, and nothing else. */
export function oneOf<Word extends string>(...words: readonly Word[]): FlagValue<Word> {
  return { takes: words.join(' or '), parse: text => words.find(word => word === text) }
}
