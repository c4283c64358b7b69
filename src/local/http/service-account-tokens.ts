import { jwtVerify, SignJWT } from 'jose'
import { PODS, SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { UserInfo } from '../api/write-context.ts'
import type { ObjectStore } from '../store/object-store.ts'

export interface TokenSubject {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export interface TokenRequest {
  readonly account: TokenSubject
  /** The pod that the token is for. */
  readonly pod?: { readonly name: string; readonly uid: string }
  readonly seconds: number
  /** Whom the token is for. Absent: the API. */
  readonly audiences?: readonly string[]
}

export interface VerifiedToken {
  readonly user: UserInfo
  /** Those of the token that were asked about. */
  readonly audiences: readonly string[]
}

/** Tokens of ServiceAccounts, as kube-apiserver has them (kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin). */
export interface ServiceAccountTokens {
  issue(request: TokenRequest): Promise<string>
  /**
   * Undefined: no token of ours, or too old, for nobody of the audiences (default: the API), or its account or pod is
   * gone.
   */
  verify(token: string, audiences?: readonly string[]): Promise<VerifiedToken | undefined>
}

const ISSUER = 'https://kubernetes.default.svc'
const ALGORITHM = 'HS256'

export function createServiceAccountTokens(options: {
  readonly key: Uint8Array
  readonly store: ObjectStore
  /** Microseconds since the epoch. */
  readonly now: () => number
}): ServiceAccountTokens {
  const { key, store, now } = options

  return {
    issue({ account, pod, seconds, audiences = [] }) {
      const { namespace, name, uid } = account
      const issued = Math.floor(now() / 1_000_000)
      const claims = { namespace, serviceaccount: { name, uid }, ...(pod === undefined ? {} : { pod }) }
      return new SignJWT({ 'kubernetes.io': claims })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(audiences.length === 0 ? ISSUER : [...audiences])
        .setSubject(`system:serviceaccount:${namespace}:${name}`)
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(issued + seconds)
        .sign(key)
    },
    async verify(token, audiences = [ISSUER]) {
      const claims = await readClaims(token, { key, audiences, nowMicros: now() })
      if (claims === undefined) return undefined
      const { account, pod } = claims
      if (store.find(SERVICE_ACCOUNTS, account)?.metadata.uid !== account.uid) return undefined
      if (pod !== undefined && store.find(PODS, pod)?.metadata.uid !== pod.uid) return undefined
      const { namespace, name, uid } = account
      const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
      return {
        user: { username: `system:serviceaccount:${namespace}:${name}`, uid, groups },
        audiences: audiences.filter(audience => claims.audiences.includes(audience)),
      }
    },
  }
}

interface Claims {
  readonly account: TokenSubject
  readonly pod?: TokenSubject
  readonly audiences: readonly string[]
}

async function readClaims(
  token: string,
  options: { readonly key: Uint8Array; readonly audiences: readonly string[]; readonly nowMicros: number },
): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, options.key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: [...options.audiences],
      currentDate: new Date(options.nowMicros / 1000),
    })
    const claims = payload['kubernetes.io']
    if (!isJsonObject(claims)) return undefined
    const account = subjectOf(claims, 'serviceaccount')
    const pod = subjectOf(claims, 'pod')
    const audiences = [payload.aud ?? []].flat()
    return account && { account, audiences, ...(pod === undefined ? {} : { pod }) }
  } catch {
    // Whatever is wrong with it: it is no token of ours.
    return undefined
  }
}

function subjectOf(claims: JsonObject, member: string): TokenSubject | undefined {
  const subject = claims[member]
  if (!isJsonObject(subject)) return undefined
  const { namespace } = claims
  const { name, uid } = subject
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof uid !== 'string') return undefined
  return { namespace, name, uid }
}
