import { SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { UserInfo } from '../api/write-context.ts'
import { kubeTime } from '../kube-time.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'

export interface ReviewsOptions {
  readonly store: ObjectStore
  readonly tokens: ServiceAccountTokens
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** Answers questions that are put as objects: who am I, may I, whose token is it, give me one. */
export interface Reviews {
  /** Undefined: the resource is no question. */
  answer(resource: ApiResource, asked: JsonObject, user: UserInfo): Promise<JsonObject> | undefined
  /** authentication.k8s.io/v1 `TokenRequest` for a ServiceAccount. */
  requestToken(
    account: { readonly namespace: string; readonly name: string },
    asked: JsonObject,
  ): Promise<JsonObject>
}

/** Whoever is let in may do everything: roles are kept, and not asked (docs/kubernetes-api.md). */
const ALLOWED = { allowed: true, reason: 'everybody who is let in may do everything on one machine' }
const DEFAULT_SECONDS = 3600
const LEAST_SECONDS = 600

export function createReviews({ store, tokens, now }: ReviewsOptions): Reviews {
  async function reviewToken(asked: JsonObject): Promise<JsonObject> {
    const user = await tokens.verify(textAt(asked, 'spec', 'token'))
    return user === undefined
      ? { authenticated: false, error: 'the token is unknown or too old' }
      : { authenticated: true, user: jsonUser(user) }
  }

  return {
    answer(resource, asked, user) {
      const reviewed = async (status: JsonObject | Promise<JsonObject>) => ({
        ...asked,
        status: await status,
      })
      switch (resource.kind) {
        case 'SelfSubjectAccessReview':
        case 'SubjectAccessReview':
          return reviewed(ALLOWED)
        case 'SelfSubjectRulesReview':
          return reviewed(ALL_RULES)
        case 'SelfSubjectReview':
          return reviewed({ userInfo: jsonUser(user) })
        case 'TokenReview':
          return reviewed(reviewToken(asked))
        default:
          return undefined
      }
    },
    async requestToken({ namespace, name }, asked) {
      const { uid = '' } = store.get(SERVICE_ACCOUNTS, { namespace, name }).metadata
      const wanted = valueAt(asked, 'spec', 'expirationSeconds')
      const seconds = Math.max(LEAST_SECONDS, typeof wanted === 'number' ? wanted : DEFAULT_SECONDS)
      const token = await tokens.issue({ account: { namespace, name, uid }, seconds })
      const expirationTimestamp = kubeTime(now() + seconds * 1_000_000)
      const metadata = { name, namespace, creationTimestamp: kubeTime(now()) }
      return { ...asked, metadata, status: { token, expirationTimestamp } }
    },
  }
}

const ALL_RULES: JsonObject = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
}

function jsonUser({ username, uid, groups }: UserInfo): JsonObject {
  return { username, ...(uid === undefined ? {} : { uid }), groups }
}

function valueAt(object: JsonObject, outer: string, inner: string): Json | undefined {
  const within = object[outer]
  return isJsonObject(within) ? within[inner] : undefined
}

function textAt(object: JsonObject, outer: string, inner: string): string {
  const value = valueAt(object, outer, inner)
  return typeof value === 'string' ? value : ''
}
