import { isAuthority } from './authority.ts'
import { consistsOf, FIELD_VALUE, SLASH, SPACE, TARGET, TOKEN } from './characters.ts'
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

const OTHER_VERSION = /^HTTP\/\d(\.\d)?$/
const SCHEME = 'http://'

/** Reads `text` up to `end` (RFC 9112 3). The line is written into `into` only as far as it was good. */
export function readRequestLine(text: string, end: number, into: RequestLine): HeadFault | undefined {
  const first = text.indexOf(' ')
  const second = text.indexOf(' ', first + 1)
  if (first <= 0 || second < 0 || second > end) return FAULTS.requestLine
  const version = text.slice(second + 1, end)
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0')
    return OTHER_VERSION.test(version) ? FAULTS.version : FAULTS.requestLine
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

const VERSION_LENGTH = 'HTTP/1.1'.length
/** Behind the status; where a reason follows, a blank comes first. */
const STATUS_END = 'HTTP/1.1 200'.length

export function readStatusLine(text: string, end: number, into: StatusLine): HeadFault | undefined {
  const version = text.slice(0, VERSION_LENGTH)
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') return FAULTS.statusLine
  if (text.charCodeAt(VERSION_LENGTH) !== SPACE || end < STATUS_END) return FAULTS.statusLine
  const status =
    digitAt(text, STATUS_END - 3) * 100 + digitAt(text, STATUS_END - 2) * 10 + digitAt(text, STATUS_END - 1)
  if (!(status >= 100 && status < 600)) return FAULTS.statusLine
  if (end > STATUS_END && text.charCodeAt(STATUS_END) !== SPACE) return FAULTS.statusLine
  for (let at = STATUS_END; at < end; at++)
    if (FIELD_VALUE[text.charCodeAt(at)] !== 1) return FAULTS.statusLine
  into.minor = version === 'HTTP/1.1' ? 1 : 0
  into.status = status
  return undefined
}

/** NaN where it is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48
  return digit >= 0 && digit <= 9 ? digit : Number.NaN
}
