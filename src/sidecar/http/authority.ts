import { isIPv6 } from 'node:net'
import { AUTHORITY, consistsOf } from './characters.ts'

const DEFAULT_PORT = 80
const LARGEST_PORT = 65_535
const DIGITS = /^\d{1,5}$/

/** `host`, `host:port`, `[v6]:port`; no user, no path, port 0 to 65535. */
export function isAuthority(text: string): boolean {
  if (text === '' || !consistsOf(text, AUTHORITY)) return false
  const colon = portColon(text)
  if (colon === 0) return false
  const host = colon < 0 ? text : text.slice(0, colon)
  if (colon >= 0) {
    const port = text.slice(colon + 1)
    // An empty port is allowed by RFC 3986 and means the default.
    if (port !== '' && (!DIGITS.test(port) || Number(port) > LARGEST_PORT)) return false
  }
  return host.startsWith('[') ? host.endsWith(']') && isIPv6(host.slice(1, -1)) : !/[:[\]]/.test(host)
}

/** The form in which authorities are looked up: lower case, with port, without the dot of a full name. */
export function authorityKey(text: string): string {
  const colon = portColon(text)
  const host = (colon < 0 ? text : text.slice(0, colon)).toLowerCase()
  const port = colon < 0 ? '' : text.slice(colon + 1)
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  return `${name}:${port === '' ? DEFAULT_PORT : Number(port)}`
}

export interface HostAndPort {
  /** An IPv6 address without its brackets. */
  readonly host: string
  readonly port: number
}

/** Takes an `authorityKey` apart. */
export function splitAuthority(key: string): HostAndPort {
  const colon = key.lastIndexOf(':')
  const host = key.slice(0, colon)
  return {
    host: host.startsWith('[') ? host.slice(1, -1) : host,
    port: Number(key.slice(colon + 1)),
  }
}

/** The other way round. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Where the colon before the port is; below 0: there is none. */
function portColon(text: string): number {
  const colon = text.lastIndexOf(':')
  return colon > text.lastIndexOf(']') ? colon : -1
}
