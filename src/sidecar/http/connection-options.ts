import { consistsOf, TOKEN } from './characters.ts'

/** What a `connection` header says (RFC 9110 7.6.1). */
export interface ConnectionOptions {
  readonly close: boolean
  readonly upgrade: boolean
  /** Other fields that concern this connection only, in lower case. */
  readonly named: readonly string[]
}

const KEEP_ALIVE: ConnectionOptions = { close: false, upgrade: false, named: [] }
const CLOSE: ConnectionOptions = { close: true, upgrade: false, named: [] }

/** Removed anyway, or words that are no field. */
const HANDLED = new Set(['', 'close', 'keep-alive', 'upgrade', 'te', 'proxy-connection', 'http2-settings'])

/** A message without them would be another message: whoever names them here wants to confuse somebody. */
const NEVER_REMOVED = new Set(['host', 'content-length', 'transfer-encoding'])

export function readConnectionOptions(value: string): ConnectionOptions {
  if (value === 'keep-alive' || value === 'Keep-Alive') return KEEP_ALIVE
  if (value === 'close') return CLOSE
  const options = value.split(',').map(option => option.trim().toLowerCase())
  const named = options.filter(isRemovable)
  return {
    close: options.includes('close'),
    upgrade: options.includes('upgrade'),
    named: options.includes('http2-settings') ? [...named, 'http2-settings'] : named,
  }
}

function isRemovable(option: string): boolean {
  return !HANDLED.has(option) && !NEVER_REMOVED.has(option) && consistsOf(option, TOKEN)
}

/** Whether an answer that changes to `chosen` is one to a request that offered `offered` (RFC 9110 7.8). */
export function wasOffered(chosen: string, offered: string): boolean {
  const names = offered.toLowerCase().split(',')
  return (
    chosen !== '' &&
    chosen
      .toLowerCase()
      .split(',')
      .every(name => names.some(each => each.trim() === name.trim()))
  )
}

/** The lines without those of the named fields. */
export function withoutFields(lines: string, names: readonly string[]): string {
  return lines
    .split('\r\n')
    .filter(line => !names.includes(line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase()))
    .join('\r\n')
}
