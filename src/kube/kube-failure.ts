import { type ErrorCode, KisekiError } from '../model/errors.ts'

/** Reasons of a Kubernetes `Status`, as far as servers and clients act on them (apimachinery, meta/v1 `StatusReason`). */
export type FailureReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'Invalid'
  | 'TooManyRequests'
  | 'InternalError'
  | 'NotImplemented'
  | 'ServiceUnavailable'
  | 'Timeout'

export const FAILURE_REASONS: Readonly<
  Record<FailureReason, { readonly status: number; readonly code: ErrorCode }>
> = {
  BadRequest: { status: 400, code: 'KISEKI_BAD_REQUEST' },
  Unauthorized: { status: 401, code: 'KISEKI_FORBIDDEN' },
  Forbidden: { status: 403, code: 'KISEKI_FORBIDDEN' },
  NotFound: { status: 404, code: 'KISEKI_NOT_FOUND' },
  MethodNotAllowed: { status: 405, code: 'KISEKI_UNSUPPORTED' },
  NotAcceptable: { status: 406, code: 'KISEKI_UNSUPPORTED' },
  AlreadyExists: { status: 409, code: 'KISEKI_ALREADY_EXISTS' },
  Conflict: { status: 409, code: 'KISEKI_CONFLICT' },
  Expired: { status: 410, code: 'KISEKI_GONE' },
  RequestEntityTooLarge: { status: 413, code: 'KISEKI_BAD_REQUEST' },
  UnsupportedMediaType: { status: 415, code: 'KISEKI_UNSUPPORTED' },
  Invalid: { status: 422, code: 'KISEKI_INVALID' },
  TooManyRequests: { status: 429, code: 'KISEKI_API_FAILED' },
  InternalError: { status: 500, code: 'KISEKI_API_FAILED' },
  NotImplemented: { status: 501, code: 'KISEKI_UNSUPPORTED' },
  ServiceUnavailable: { status: 503, code: 'KISEKI_API_FAILED' },
  Timeout: { status: 504, code: 'KISEKI_TIMEOUT' },
}

/** One of several things that are wrong. `reason` is of `CauseType`: FieldValueInvalid, FieldManagerConflict … */
export interface FailureCause {
  readonly reason: string
  readonly message: string
  /** `spec.ports[0].port` */
  readonly field?: string
}

export interface FailureDetails {
  readonly name?: string
  readonly group?: string
  /** The kind where the object itself is wrong (Invalid), else the resource: `deployments`. */
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly FailureCause[]
  readonly retryAfterSeconds?: number
}

/** What the API answered in the place of an object; a server makes it a `Status`, a client made it of one. */
export class KubeFailure extends KisekiError {
  readonly reason: FailureReason
  readonly details: FailureDetails

  constructor(
    reason: FailureReason,
    message: string,
    options: { readonly details?: FailureDetails; readonly cause?: unknown; readonly remedy?: string } = {},
  ) {
    super(FAILURE_REASONS[reason].code, message, options)
    this.name = 'KubeFailure'
    this.reason = reason
    this.details = options.details ?? {}
  }

  /** That of the HTTP answer. */
  get status(): number {
    return FAILURE_REASONS[this.reason].status
  }
}
