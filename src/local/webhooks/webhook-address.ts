import { X509Certificate } from 'node:crypto'
import type { Webhook } from './webhook.ts'

/** Where a Service is reached, and the name that its certificate must have. */
export interface ServiceEndpoint {
  readonly host: string
  readonly port: number
  readonly serverName: string
}

/** Undefined: there is no such Service; `no-endpoints`: nothing behind it is ready. */
export type ResolveService = (
  namespace: string,
  name: string,
  port: number,
) => ServiceEndpoint | 'no-endpoints' | undefined

/** Where the exchange goes. `url` is that of error messages: of a Service it has the name, not the address. */
export interface WebhookAddress {
  readonly url: string
  /** With the query. */
  readonly path: string
  /** For the header of this name. */
  readonly hostHeader: string
  /** As it was resolved. */
  readonly endpoint: Omit<ServiceEndpoint, 'serverName'> | 'no-endpoints' | undefined
  /** Undefined: the host is the name. */
  readonly serverName?: string
}

/** Throws an `Error` whose message says what is wrong with the configuration. */
export function addressOf({ target, timeoutSeconds }: Webhook, resolve: ResolveService): WebhookAddress {
  const query = `?timeout=${timeoutSeconds}s`
  if (target.kind === 'nowhere') throw new Error('webhook configuration must have either service or URL')
  if (target.kind === 'service') {
    const { namespace, name, port } = target
    const host = `${name}.${namespace}.svc:${port}`
    const path = `${new URL(target.path || '/', `https://${host}`).pathname}${query}`
    const endpoint = resolve(namespace, name, port)
    return {
      url: `https://${host}${path}`,
      path,
      hostHeader: host,
      endpoint,
      serverName: typeof endpoint === 'object' ? endpoint.serverName : `${name}.${namespace}.svc`,
    }
  }
  const url = URL.parse(target.url)
  if (url?.protocol !== 'https:')
    throw new Error(`Unparsable URL: ${JSON.stringify(target.url)} is none of https`)
  const path = `${url.pathname}${query}`
  return {
    url: `https://${url.host}${path}`,
    path,
    hostHeader: url.host,
    endpoint: { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) },
  }
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates of a `caBundle`; undefined where there is none. Throws an `Error` as above. */
export function authoritiesOf({ caBundle }: Webhook): readonly string[] | undefined {
  if (caBundle === '') return undefined
  const blocks = Buffer.from(caBundle, 'base64').toString('latin1').match(BLOCK) ?? []
  try {
    // Node trusts nobody when it is given what it cannot read, and does not say so.
    for (const block of blocks) new X509Certificate(block)
    if (blocks.length > 0) return blocks
  } catch {}
  throw new Error('unable to load root certificates: unable to parse bytes as PEM block')
}
