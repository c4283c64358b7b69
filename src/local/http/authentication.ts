import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { UserInfo } from '../api/write-context.ts'
import { bearerFromSubprotocols } from '../streams/stream-protocols.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'

export interface Authentication {
  /** Throws `Unauthorized`, and `Forbidden` where the request was led here by a name that is not ours. */
  authenticate(headers: IncomingHttpHeaders): Promise<UserInfo>
}

const AUTHENTICATED = 'system:authenticated'
const ADMINISTRATOR: UserInfo = {
  username: 'kubernetes-admin',
  groups: ['system:masters', AUTHENTICATED],
}

export function createAuthentication(options: {
  readonly adminToken: string
  readonly tokens: ServiceAccountTokens
}): Authentication {
  const admin = digest(options.adminToken)

  return {
    async authenticate(headers) {
      checkHost(headers.host)
      const token = bearerOf(headers)
      if (token === undefined) throw unauthorized()
      if (timingSafeEqual(digest(token), admin)) return impersonated(headers) ?? ADMINISTRATOR
      const verified = await options.tokens.verify(token)
      if (verified === undefined) throw unauthorized()
      return impersonated(headers) ?? verified.user
    },
  }
}

/** Whoever is let in may be anybody (kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation). */
function impersonated(headers: IncomingHttpHeaders): UserInfo | undefined {
  const username = headers['impersonate-user']
  if (typeof username !== 'string' || username === '') return undefined
  const groups = [headers['impersonate-group'] ?? []].flat().flatMap(text => text.split(', '))
  const uid = headers['impersonate-uid']
  const all = groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED]
  return { username, groups: all, ...(typeof uid === 'string' ? { uid } : {}) }
}

/** Names that can only mean this machine: a page elsewhere cannot have its own name resolve to us (DNS rebinding). */
const OWN_NAME =
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|kubernetes(\.default(\.svc(\.cluster\.local)?)?)?)(:\d+)?$/i

export function checkHost(host: string | undefined): void {
  if (host !== undefined && OWN_NAME.test(host)) return
  throw new KubeFailure(
    'Forbidden',
    `the Host header names ${JSON.stringify(host ?? '')}, which is not this server`,
  )
}

function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  return token ?? bearerFromSubprotocols(headers['sec-websocket-protocol'])
}

/** Of equal length, whatever the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function unauthorized(): KubeFailure {
  return new KubeFailure('Unauthorized', 'Unauthorized')
}
