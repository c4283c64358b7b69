import { jwtVerify, SignJWT } from 'jose'
import { SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import { isJsonObject } from '../../model/json.ts'
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
}

/** Tokens of ServiceAccounts, as kube-apiserver has them (kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin). */
export interface ServiceAccountTokens {
  issue(request: TokenRequest): Promise<string>
  /** Undefined: no token of ours, or too old, or its account is gone. */
  verify(token: string): Promise<UserInfo | undefined>
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
    issue({ account, pod, seconds }) {
      const { namespace, name, uid } = account
      const issued = Math.floor(now() / 1_000_000)
      const claims = { namespace, serviceaccount: { name, uid }, ...(pod === undefined ? {} : { pod }) }
      return new SignJWT({ 'kubernetes.io': claims })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(`system:serviceaccount:${namespace}:${name}`)
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(issued + seconds)
        .sign(key)
    },
    async verify(token) {
      const account = await readSubject(token, key, now())
      if (account === undefined) return undefined
      const found = store.find(SERVICE_ACCOUNTS, account)
      if (found?.metadata.uid !== account.uid) return undefined
      const { namespace, name, uid } = account
      return {
        username: `system:serviceaccount:${namespace}:${name}`,
        uid,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      }
    },
  }
}

async function readSubject(
  token: string,
  key: Uint8Array,
  nowMicros: number,
): Promise<TokenSubject | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: ISSUER,
      currentDate: new Date(nowMicros / 1000),
    })
    const claims = payload['kubernetes.io']
    if (!isJsonObject(claims) || !isJsonObject(claims['serviceaccount'])) return undefined
    const { namespace, serviceaccount } = claims
    const { name, uid } = serviceaccount
    if (typeof namespace !== 'string' || typeof name !== 'string' || typeof uid !== 'string') return undefined
    return { namespace, name, uid }
  } catch {
    // Whatever is wrong with it: it is no token of ours.
    return undefined
  }
}
