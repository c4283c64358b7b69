import { isJsonObject, type JsonObject } from '../../model/json.ts'
import {
  FAILURE_REASONS,
  type FailureCause,
  type FailureDetails,
  type FailureReason,
  KubeFailure,
} from '../kube-failure.ts'

/**
 * A `Status` of the API as the failure that it tells (kubernetes.io/docs/reference/kubernetes-api/common-definitions/status);
 * undefined for what is none. `remedy` replaces that of `KISEKI_FORBIDDEN`.
 */
export function failureOf(
  status: unknown,
  httpStatus: number,
  forbiddenRemedy?: string,
): KubeFailure | undefined {
  if (!isStatus(status) || status['status'] !== 'Failure') return undefined
  const code = typeof status['code'] === 'number' ? status['code'] : httpStatus
  const reason = reasonOf(status['reason'], code)
  const { message } = status
  const text = typeof message === 'string' && message !== '' ? message : genericMessage(reason)
  return new KubeFailure(reason, text, {
    details: detailsOf(status['details']),
    ...remedyFor(reason, forbiddenRemedy),
  })
}

/** What stands for an error answer of an API server that is no `Status`: `404 page not found` of paths it has not. */
export function genericFailure(httpStatus: number, method: string, forbiddenRemedy?: string): KubeFailure {
  const reason = httpStatus === 409 && method === 'POST' ? 'AlreadyExists' : reasonOf(undefined, httpStatus)
  return new KubeFailure(reason, genericMessage(reason), remedyFor(reason, forbiddenRemedy))
}

export function isStatus(value: unknown): value is JsonObject {
  return isJsonObject(value) && value['kind'] === 'Status' && value['apiVersion'] === 'v1'
}

function remedyFor(reason: FailureReason, forbidden: string | undefined): { readonly remedy?: string } {
  const refused = FAILURE_REASONS[reason].code === 'KISEKI_FORBIDDEN'
  return refused && forbidden !== undefined ? { remedy: forbidden } : {}
}

function reasonOf(reason: unknown, code: number): FailureReason {
  if (typeof reason === 'string') {
    if (isKnown(reason)) return reason
    const synonym = SYNONYMS.get(reason)
    if (synonym !== undefined) return synonym
  }
  return BY_STATUS.get(code) ?? (code >= 400 && code < 500 ? 'BadRequest' : 'InternalError')
}

function isKnown(reason: string): reason is FailureReason {
  return Object.hasOwn(FAILURE_REASONS, reason)
}

/** Reasons that need the same of a client. */
const SYNONYMS: ReadonlyMap<string, FailureReason> = new Map([
  ['Gone', 'Expired'],
  ['ServerTimeout', 'Timeout'],
])

const BY_STATUS: ReadonlyMap<number, FailureReason> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [405, 'MethodNotAllowed'],
  [406, 'NotAcceptable'],
  [409, 'Conflict'],
  [410, 'Expired'],
  [413, 'RequestEntityTooLarge'],
  [415, 'UnsupportedMediaType'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [501, 'NotImplemented'],
  [503, 'ServiceUnavailable'],
  [504, 'Timeout'],
])

/** Those that people know from kubectl, where the server says nothing itself. */
const MESSAGES: Partial<Readonly<Record<FailureReason, string>>> = {
  NotFound: 'the server could not find the requested resource',
  Unauthorized: 'the server has asked for the client to provide credentials',
  MethodNotAllowed: 'the server does not allow this method on the requested resource',
  AlreadyExists: 'the server reported a conflict',
  Conflict: 'the server reported a conflict',
  BadRequest: 'the server rejected our request for an unknown reason',
  Invalid: 'the server rejected our request due to an error in our request',
  TooManyRequests: 'the server has received too many requests and has asked us to try again later',
  ServiceUnavailable: 'the server is currently unable to handle the request',
  Timeout:
    'the server was unable to return a response in the time allotted, but may still be processing the request',
}

function genericMessage(reason: FailureReason): string {
  return MESSAGES[reason] ?? `the server answered "${reason}" and said nothing more`
}

function detailsOf(value: unknown): FailureDetails {
  if (!isJsonObject(value)) return {}
  const texts = Object.fromEntries(
    ['name', 'group', 'kind', 'uid'].flatMap(field =>
      typeof value[field] === 'string' && value[field] !== '' ? [[field, value[field]]] : [],
    ),
  )
  const seconds = value['retryAfterSeconds']
  return {
    ...texts,
    ...(Array.isArray(value['causes']) ? { causes: value['causes'].flatMap(causeOf) } : {}),
    ...(typeof seconds === 'number' && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  }
}

function causeOf(value: unknown): readonly FailureCause[] {
  if (!isJsonObject(value)) return []
  const { reason, message, field } = value
  return [
    {
      reason: typeof reason === 'string' ? reason : '',
      message: typeof message === 'string' ? message : '',
      ...(typeof field === 'string' ? { field } : {}),
    },
  ]
}
