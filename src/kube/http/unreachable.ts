import { KisekiError, messageOf } from '../../model/errors.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'

/** What to do about failures below HTTP, by the code that Node gives them. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'Nothing listens there. See that the API runs (`osm up` starts one on this machine).'],
  ['ENOTFOUND', 'That name is not known. See the `server` of the kubeconfig, and whether a VPN is needed.'],
  ['EAI_AGAIN', 'Names cannot be looked up at the moment. See the network, then try again.'],
  [
    'CERT_HAS_EXPIRED',
    "The server's certificate has expired. See this machine's clock, or renew the certificate.",
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "The server's certificate is for other names. Use one of them, or set `tls-server-name` in the kubeconfig.",
  ],
  [
    'EPROTO',
    'What answers there does not speak TLS as expected. See whether `server` must begin with http://.',
  ],
])

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

const UNTRUSTED_REMEDY =
  "The server's certificate is not signed by the `certificate-authority` of the kubeconfig. The API may have been set up anew: get its kubeconfig again."

/** A failure of the connection, for a person. */
export function unreachable(endpoint: KubeEndpoint, thrown: unknown): KisekiError {
  if (thrown instanceof KisekiError) return thrown
  const code = codeOf(thrown)
  if (code.startsWith('HPE_')) {
    return apiFailed(endpoint, `what answers does not speak HTTP (${describe(thrown)})`, thrown)
  }
  const message = `cannot reach the Kubernetes API ${place(endpoint)}: ${describe(thrown)}`
  const tls = code.startsWith('ERR_SSL_') ? REMEDIES.get('EPROTO') : undefined
  const remedy = UNTRUSTED.has(code) ? UNTRUSTED_REMEDY : (REMEDIES.get(code) ?? tls)
  return new KisekiError('KISEKI_API_UNREACHABLE', message, {
    cause: thrown,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

/** Something answers, but not as a Kubernetes API does. */
export function apiFailed(endpoint: KubeEndpoint, problem: string, cause?: unknown): KisekiError {
  return new KisekiError('KISEKI_API_FAILED', `the Kubernetes API ${place(endpoint)}: ${problem}`, {
    remedy: `See that ${endpoint.server.origin} is a Kubernetes API and no proxy or other program; it was read from ${endpoint.source}.`,
    cause,
  })
}

/** `at https://host:6443 (context "kind" of /home/me/.kube/config)` */
export function place(endpoint: KubeEndpoint): string {
  return `at ${endpoint.server.href.replace(/\/$/, '')} (${endpoint.source})`
}

/** A name with several addresses fails with several errors, and no message of its own. */
function firstOf(thrown: unknown): unknown {
  return thrown instanceof AggregateError && thrown.errors.length > 0 ? thrown.errors[0] : thrown
}

export function codeOf(thrown: unknown): string {
  const first = firstOf(thrown)
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : ''
}

function describe(thrown: unknown): string {
  const message = messageOf(firstOf(thrown))
  return message === '' ? codeOf(thrown) || 'no reason is given' : message
}
