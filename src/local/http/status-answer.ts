import { FAILURE_REASONS, type FailureReason, KubeFailure } from '../../kube/kube-failure.ts'
import { KisekiError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { type HttpResponse, json } from '../../runtime/http-exchange.ts'

/** Have details even when there are none to tell: kubectl looks into those of what was not found. */
const DETAILED: readonly FailureReason[] = ['NotFound', 'Forbidden', 'MethodNotAllowed', 'NotAcceptable']

/** meta/v1 `Status` of a call that failed. */
export function failureStatus(failure: KubeFailure): JsonObject {
  const { reason, message, status } = failure
  const details: JsonObject = JSON.parse(JSON.stringify(failure.details))
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(Object.keys(details).length > 0 || DETAILED.includes(reason) ? { details } : {}),
    code: status,
  }
}

export function failureAnswer(failure: KubeFailure): HttpResponse {
  const answer = json(failureStatus(failure), failure.status)
  const seconds = failure.details.retryAfterSeconds
  return seconds === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } }
}

/** Of a removal that is done. */
export function successStatus(details: JsonObject): JsonObject {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** Whatever a handler threw, as the API says it; undefined: nobody foresaw it. */
export function asKubeFailure(thrown: unknown): KubeFailure | undefined {
  if (thrown instanceof KubeFailure) return thrown
  if (!(thrown instanceof KisekiError)) return undefined
  const reasons = Object.entries(FAILURE_REASONS) as readonly [FailureReason, { readonly code: string }][]
  const [reason] = reasons.find(([, { code }]) => code === thrown.code) ?? []
  return reason && new KubeFailure(reason, thrown.message, { cause: thrown, remedy: thrown.remedy })
}

/** What kube-apiserver says of a path that it does not serve. */
export function noSuchResource(): KubeFailure {
  return new KubeFailure('NotFound', 'the server could not find the requested resource')
}
