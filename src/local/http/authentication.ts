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

const ADMINISTRATOR: UserInfo = {
  username: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
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
      if (timingSafeEqual(digest(token), admin)) return ADMINISTRATOR
      const user = await options.tokens.verify(token)
      if (user === undefined) throw unauthorized()
      return user
    },
  }
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
