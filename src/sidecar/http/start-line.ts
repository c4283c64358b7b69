import { isAuthority } from './authority.ts'
import { consistsOf, SLASH, TARGET, TOKEN } from './characters.ts'
import { FAULTS, type HeadFault } from './head-fault.ts'

/** What the first line of a request says. */
export interface RequestLine {
  method: string
  /** In origin form (`/path?query`), or `*`; empty for CONNECT. */
  target: string
  /** The authority that the target names: absolute form and CONNECT; else empty. */
  authority: string
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  minor: number
}

const VERSION = /^HTTP\/1\.[01]$/
const OTHER_VERSION = /^HTTP\/\d(\.\d)?$/
const SCHEME = 'http://'

/** Reads `text` up to `end` (RFC 9112 3). The line is written into `into` only as far as it was good. */
export function readRequestLine(text: string, end: number, into: RequestLine): HeadFault | undefined {
  const first = text.indexOf(' ')
  const second = text.indexOf(' ', first + 1)
  if (first <= 0 || second < 0 || second > end) return FAULTS.requestLine
  const version = text.slice(second + 1, end)
  if (!VERSION.test(version)) return OTHER_VERSION.test(version) ? FAULTS.version : FAULTS.requestLine
  const method = text.slice(0, first)
  if (!consistsOf(method, TOKEN)) return FAULTS.requestLine
  const target = text.slice(first + 1, second)
  if (!consistsOf(target, TARGET)) return FAULTS.target
  into.method = method
  into.minor = text.charCodeAt(end - 1) - 48
  return readTarget(target, into)
}

function readTarget(target: string, into: RequestLine): HeadFault | undefined {
  if (into.method === 'CONNECT') {
    if (!isAuthority(target)) return FAULTS.target
    into.authority = target
    return undefined
  }
  if (target.charCodeAt(0) === SLASH || (target === '*' && into.method === 'OPTIONS')) {
    into.target = target
    return undefined
  }
  return readAbsolute(target, into)
}

function readAbsolute(target: string, into: RequestLine): HeadFault | undefined {
  const colon = target.indexOf('://')
  if (colon <= 0) return FAULTS.target
  if (target.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return FAULTS.scheme
  const rest = target.slice(SCHEME.length)
  const pathAt = rest.search(/[/?]/)
  const authority = pathAt < 0 ? rest : rest.slice(0, pathAt)
  if (!isAuthority(authority)) return FAULTS.target
  const path = pathAt < 0 ? '' : rest.slice(pathAt)
  into.authority = authority
  if (path === '' && into.method === 'OPTIONS') into.target = '*'
  else into.target = path.charCodeAt(0) === SLASH ? path : `/${path}`
  return undefined
}

/** What the first line of a response says. */
export interface StatusLine {
  status: number
  minor: number
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/

export function readStatusLine(text: string, end: number, into: StatusLine): HeadFault | undefined {
  const match = STATUS_LINE.exec(text.slice(0, end))
  if (match === null) return FAULTS.statusLine
  into.minor = match[1] === '1' ? 1 : 0
  into.status = Number(match[2])
  return undefined
}
