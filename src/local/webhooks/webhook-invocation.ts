import { KubeFailure } from '../../kube/kube-failure.ts'
import { messageOf } from '../../model/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { type AdmissionAnswer, AnswerError, readAnswer } from './admission-answer.ts'
import { type AdmissionRequest, admissionReview, REVIEW_VERSION } from './admission-request.ts'
import type { Webhook } from './webhook.ts'
import type { ResolveService } from './webhook-address.ts'
import { createWebhookClient } from './webhook-client.ts'
import { internalError, WebhookCallError, WebhookDenial } from './webhook-failures.ts'
import type { Warnings } from './webhook-warnings.ts'

export interface InvokerOptions {
  readonly resolveService: ResolveService
  readonly newUid: () => string
  readonly logger: Logger
  readonly metrics?: Metrics
}

/** Asks one webhook. Throws a `KubeFailure` when it refuses, or cannot be asked and is not to be ignored then. */
export interface Invoker {
  /** Resolves with the object as the webhook wants it; the same one when it wants no change. */
  mutate(webhook: Webhook, request: AdmissionRequest, warnings: Warnings): Promise<JsonObject | null>
  validate(webhook: Webhook, request: AdmissionRequest, warnings: Warnings): Promise<void>
  close(): void
}

export function createInvoker(options: InvokerOptions): Invoker {
  const client = createWebhookClient(options)

  async function ask(
    webhook: Webhook,
    request: AdmissionRequest,
    mutating: boolean,
  ): Promise<AdmissionAnswer> {
    checkDryRun(webhook, request)
    if (!webhook.admissionReviewVersions.includes(REVIEW_VERSION)) {
      const problem = `webhook does not accept known AdmissionReview versions (${REVIEW_VERSION})`
      throw new WebhookCallError(webhook.name, `could not create admission objects: ${problem}`)
    }
    const uid = options.newUid()
    const body = await client.post(webhook, JSON.stringify(admissionReview(request, uid)))
    try {
      return readAnswer(body, { uid, mutating })
    } catch (error) {
      const unreadable = error instanceof AnswerError && error.kind === 'unreadable'
      const step = unreadable ? 'failed to call webhook' : 'received invalid webhook response'
      throw new WebhookCallError(webhook.name, `${step}: ${messageOf(error)}`, error)
    }
  }

  async function guarded<T>(webhook: Webhook, type: WebhookType, call: Guarded<T>): Promise<T> {
    try {
      const result = await call.attempt()
      count(options.metrics, type, 'allowed')
      return result
    } catch (error) {
      const ignored = error instanceof WebhookCallError && webhook.failurePolicy === 'Ignore'
      count(options.metrics, type, outcomeOf(error, ignored))
      if (!(error instanceof WebhookCallError)) throw error
      const policy = ignored ? 'open' : 'closed'
      options.logger.warn(`Failed calling webhook, failing ${policy}`, {
        webhook: webhook.name,
        error: error.message,
      })
      if (ignored) return call.whenIgnored
      throw internalError(error.message, error)
    }
  }

  return {
    mutate: (webhook, request, warnings) =>
      guarded(webhook, 'mutating', {
        whenIgnored: request.object,
        attempt: async () => {
          const answer = await ask(webhook, request, true)
          conclude(webhook, answer, warnings)
          return patched(webhook, request.object, answer)
        },
      }),
    validate: (webhook, request, warnings) =>
      guarded(webhook, 'validating', {
        whenIgnored: undefined,
        attempt: async () => conclude(webhook, await ask(webhook, request, false), warnings),
      }),
    close: client.close,
  }
}

type WebhookType = 'mutating' | 'validating'

interface Guarded<T> {
  readonly attempt: () => Promise<T>
  readonly whenIgnored: T
}

/** Refused whatever the failure policy says: nobody knows what the webhook would do. */
function checkDryRun({ name, sideEffects }: Webhook, { dryRun }: AdmissionRequest): void {
  if (!dryRun || sideEffects === 'None' || sideEffects === 'NoneOnDryRun') return
  if (sideEffects === undefined) throw new WebhookCallError(name, 'Webhook SideEffects is nil')
  throw new KubeFailure('BadRequest', `admission webhook ${JSON.stringify(name)} does not support dry run`)
}

function conclude({ name }: Webhook, { allowed, status, warnings }: AdmissionAnswer, sink: Warnings): void {
  sink.add(warnings)
  if (!allowed) throw new WebhookDenial(name, status)
}

function patched(webhook: Webhook, object: JsonObject | null, answer: AdmissionAnswer): JsonObject | null {
  const operations = answer.patch === '' ? [] : decodePatch(webhook, answer.patch)
  if (operations.length === 0) return object
  if (object === null) {
    throw internalError(
      `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`,
    )
  }
  if (answer.patchType !== 'JSONPatch') {
    throw new WebhookCallError(webhook.name, `unsupported patch type ${JSON.stringify(answer.patchType)}`)
  }
  const result = apply(object, operations)
  if (isJsonObject(result)) return result
  throw internalError(`admission webhook ${JSON.stringify(webhook.name)} left no object`)
}

function decodePatch({ name }: Webhook, patch: string): readonly Json[] {
  const broken = (problem: string, cause?: unknown) =>
    new WebhookCallError(name, `received undecodable patch in webhook response: ${problem}`, cause)
  let decoded: Json
  try {
    decoded = JSON.parse(patch, refuseProto)
  } catch (error) {
    throw broken(messageOf(error), error)
  }
  if (decoded === null) return []
  if (!Array.isArray(decoded)) throw broken('it is no list of operations')
  return decoded
}

/** The library of patches would drop such a member of a value and not say so. */
function refuseProto(key: string, value: Json): Json {
  if (key === '__proto__') throw new Error('it has a member "__proto__"')
  return value
}

/** A patch that does not apply fails the request, whatever the failure policy says. */
function apply(object: JsonObject, operations: readonly Json[]): Json {
  try {
    return applyJsonPatch(object, operations)
  } catch (error) {
    throw internalError(patchProblem(error), error)
  }
}

/** What is wrong with an operation stands in the cause, where there is one. */
function patchProblem(error: unknown): string {
  const [cause] = error instanceof KubeFailure ? (error.details.causes ?? []) : []
  return cause?.message ?? messageOf(error)
}

function outcomeOf(error: unknown, ignored: boolean): string {
  if (error instanceof WebhookDenial) return 'denied'
  return ignored ? 'ignored' : 'failed'
}

/** Not by name of the webhook: names come and go, and the counters of those that went would stay. */
function count(metrics: Metrics | undefined, type: WebhookType, outcome: string): void {
  const help = 'Calls of admission webhooks, by what came of them'
  metrics?.counter('kiseki_admission_webhook_calls_total', help, { type, outcome }).add()
}
