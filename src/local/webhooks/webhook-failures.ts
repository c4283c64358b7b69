import {
  FAILURE_REASONS,
  type FailureDetails,
  type FailureReason,
  KubeFailure,
} from '../../kube/kube-failure.ts'

export function internalError(problem: string, cause?: unknown): KubeFailure {
  return new KubeFailure('InternalError', `Internal error occurred: ${problem}`, { cause })
}

/** A webhook could not be asked, or its answer could not be used. Its failure policy says what that means. */
export class WebhookCallError extends Error {
  /** `reason` is what follows `failed calling webhook "x": `. */
  constructor(webhookName: string, reason: string, cause?: unknown) {
    super(`failed calling webhook ${JSON.stringify(webhookName)}: ${reason}`, { cause })
    this.name = 'WebhookCallError'
  }
}

/** What a webhook wants to be answered when it refuses (meta/v1 `Status`). */
export interface DenialStatus {
  /** Of HTTP. 0: not said. */
  readonly code: number
  /** Empty: not said. Not only those that this server knows. */
  readonly reason: string
  readonly message: string
  readonly details: FailureDetails
}

/**
 * A webhook refused. The answer has the code and the reason that the webhook gave, which may be no
 * `FailureReason`: a server sends `answer`, not `reason`. As the kube-apiserver has it, the code is 400 where the
 * webhook gave none that tells of a failure, and no reason is added.
 */
export class WebhookDenial extends KubeFailure {
  readonly answer: DenialStatus

  constructor(webhookName: string, given: DenialStatus) {
    const denied = `admission webhook ${JSON.stringify(webhookName)} denied the request`
    const why = given.message || given.reason
    const message = why === '' ? `${denied} without explanation` : `${denied}: ${why}`
    const code = Number.isInteger(given.code) && given.code >= 400 && given.code < 600 ? given.code : 400
    super(nearestReason(given.reason, code), message, {
      details: given.details,
      remedy: 'Change the request as the message of the webhook says.',
    })
    this.name = 'WebhookDenial'
    this.answer = { ...given, code, message }
  }

  override get status(): number {
    return this.answer.code
  }
}

function nearestReason(given: string, code: number): FailureReason {
  const known = Object.entries(FAILURE_REASONS)
  const found = known.find(([reason]) => reason === given) ?? known.find(([, { status }]) => status === code)
  // The keys of the table are the reasons.
  if (found !== undefined) return found[0] as FailureReason
  return code >= 500 ? 'InternalError' : 'BadRequest'
}
