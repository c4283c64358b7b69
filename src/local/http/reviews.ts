import type { KubeFailure } from '../../kube/kube-failure.ts'
import { SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { UserInfo } from '../api/write-context.ts'
import { kubeTime } from '../kube-time.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { invalidObject } from '../store/store-errors.ts'
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
    const audiences = textsAt(asked, 'spec', 'audiences')
    const token = textAt(asked, 'spec', 'token')
    const verified = await (audiences.length === 0 ? tokens.verify(token) : tokens.verify(token, audiences))
    return verified === undefined
      ? { authenticated: false, user: {}, error: 'the token is unknown or too old' }
      : { authenticated: true, user: jsonUser(verified.user), audiences: verified.audiences }
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
        case 'LocalSubjectAccessReview':
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
      const seconds = typeof wanted === 'number' ? wanted : DEFAULT_SECONDS
      if (seconds < LEAST_SECONDS) throw tooShort(seconds)
      const audiences = textsAt(asked, 'spec', 'audiences')
      const token = await tokens.issue({ account: { namespace, name, uid }, seconds, audiences })
      const expirationTimestamp = kubeTime(now() + seconds * 1_000_000)
      const metadata = { name, namespace, creationTimestamp: kubeTime(now()) }
      return { ...asked, metadata, status: { token, expirationTimestamp } }
    },
  }
}

function tooShort(seconds: number): KubeFailure {
  const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`
  const cause = { field: 'spec.expirationSeconds', message, reason: 'FieldValueInvalid' }
  return invalidObject({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [cause])
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

function textsAt(object: JsonObject, outer: string, inner: string): readonly string[] {
  const value = valueAt(object, outer, inner)
  return Array.isArray(value) ? value.map(String) : []
}
