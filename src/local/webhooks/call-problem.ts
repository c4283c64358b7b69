import { messageOf } from '../../model/errors.ts'

const UNKNOWN_AUTHORITY = 'x509: certificate signed by unknown authority'
const TLS_REFUSED = 'tls: failed to verify certificate'

/** What Node says, and what the kube-apiserver (Go) says to the same. */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid: it has expired',
  CERT_NOT_YET_VALID: 'x509: certificate has expired or is not yet valid: it is not yet valid',
  INVALID_PURPOSE: 'x509: certificate specifies an incompatible key usage',
}

/** The other side closed: before it answered, or in the middle. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['socket hang up', 'EOF'],
  ['aborted', 'unexpected EOF'],
])

/** A server that speaks plain HTTP. */
const NO_TLS = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']

/** Why an exchange over TLS failed, in the words that people know from the kube-apiserver. `address`: `host:port`. */
export function callProblem(error: unknown, address: string): string {
  const code = codeOf(error)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${TLS_REFUSED}: ${nameProblem(error)}`
  if (Object.hasOwn(CERTIFICATE_PROBLEMS, code)) return `${TLS_REFUSED}: ${CERTIFICATE_PROBLEMS[code]}`
  if (NO_TLS.includes(code)) return 'http: server gave HTTP response to HTTPS client'
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${address}: connect: connection refused`
    case 'ETIMEDOUT':
      return `dial tcp ${address}: i/o timeout`
    case 'EHOSTUNREACH':
      return `dial tcp ${address}: connect: no route to host`
    case 'ENETUNREACH':
      return `dial tcp ${address}: connect: network is unreachable`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${address.replace(/:\d+$/, '')}: no such host`
    case 'ECONNRESET':
      return ENDINGS.get(messageOf(error)) ?? 'read: connection reset by peer'
    default:
      return messageOf(error)
  }
}

function codeOf(error: unknown): string {
  return String(fieldOf(error, 'code') ?? '')
}

/** The names of the certificate are in the error of Node, but not in its type. */
function nameProblem(error: unknown): string {
  const wanted = String(fieldOf(error, 'host') ?? '')
  const written = String(fieldOf(fieldOf(error, 'cert'), 'subjectaltname') ?? '')
  const names = written
    .split(', ')
    .flatMap(name => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : []))
  return names.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${wanted}`
    : `x509: certificate is valid for ${names.join(', ')}, not ${wanted}`
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined
}
