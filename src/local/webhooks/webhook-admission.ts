import { isDeepStrictEqual } from 'node:util'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { AdmissionRequest } from './admission-request.ts'
import { createReinvocation } from './reinvocation.ts'
import { readWebhooks, type Webhook } from './webhook.ts'
import type { ResolveService } from './webhook-address.ts'
import { createInvoker } from './webhook-invocation.ts'
import { isCalled, isExempt, type Labels } from './webhook-match.ts'
import { createWarnings, type Warnings } from './webhook-warnings.ts'

export interface WebhookConfigurations {
  /** Objects of kind MutatingWebhookConfiguration; they are never changed, only replaced. */
  readonly mutating: readonly unknown[]
  /** Objects of kind ValidatingWebhookConfiguration, likewise. */
  readonly validating: readonly unknown[]
}

export interface WebhookAdmissionOptions {
  /** Those of now; asked at every admission. */
  readonly configurations: () => WebhookConfigurations
  /** Undefined: there is no such Service, or it has no such port. */
  readonly resolveService: ResolveService
  /** Undefined: there is no such namespace. */
  readonly namespaceLabels: (namespace: string) => Labels | undefined
  /** For requests; another one each time. */
  readonly newUid: () => string
  readonly logger: Logger
  readonly metrics?: Metrics
}

/** `warnings` are for the headers of the answer (RFC 7234, code 299), also of one that refuses. */
export type MutationOutcome =
  | { readonly status: 'admitted'; readonly object: JsonObject | null; readonly warnings: readonly string[] }
  | Refusal

export type ValidationOutcome =
  | { readonly status: 'admitted'; readonly warnings: readonly string[] }
  | Refusal

/** `failure` is a `WebhookDenial` when a webhook refused, and else says why webhooks could not be asked. */
export interface Refusal {
  readonly status: 'refused'
  readonly failure: KubeFailure
  readonly warnings: readonly string[]
}

/**
 * The side of the API server of dynamic admission
 * (kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers).
 */
export interface WebhookAdmission {
  /**
   * Has the mutating webhooks change the object, one after the other. Those with `reinvocationPolicy: IfNeeded`
   * are asked once more when another one changed it after them. What came out is not validated.
   */
  mutate(request: AdmissionRequest): Promise<MutationOutcome>
  /** Asks all validating webhooks at once; of several refusals the first in order counts. */
  validate(request: AdmissionRequest): Promise<ValidationOutcome>
  /** Cuts all connections; calls that are under way fail. */
  close(): void
}

export function createWebhookAdmission(options: WebhookAdmissionOptions): WebhookAdmission {
  const invoker = createInvoker(options)
  const matches = (webhook: Webhook, request: AdmissionRequest) => isCalled(webhook, request, options)

  async function mutateAll(request: AdmissionRequest, warnings: Warnings): Promise<JsonObject | null> {
    const webhooks = readWebhooks(options.configurations().mutating)
    const rounds = createReinvocation()
    let { object } = request
    for (const round of ['first', 'again'] as const) {
      for (const webhook of webhooks) {
        const current = { ...request, object }
        if (!matches(webhook, current) || !rounds.includes(round, webhook)) continue
        const next = await invoker.mutate(webhook, current, warnings)
        rounds.note(webhook, !isDeepStrictEqual(next, object))
        object = next
      }
    }
    return object
  }

  async function validateAll(request: AdmissionRequest, warnings: Warnings): Promise<void> {
    const webhooks = readWebhooks(options.configurations().validating)
    const called = webhooks.filter(webhook => matches(webhook, request))
    const calls = called.map(webhook => ({ webhook, warnings: createWarnings() }))
    const outcomes = await Promise.allSettled(
      calls.map(call => invoker.validate(call.webhook, request, call.warnings)),
    )
    for (const call of calls) warnings.add(call.warnings.list())
    const refused = outcomes.find(outcome => outcome.status === 'rejected')
    if (refused !== undefined) throw refused.reason
  }

  return {
    async mutate(request) {
      const warnings = createWarnings()
      if (isExempt(request)) return { status: 'admitted', object: request.object, warnings: [] }
      try {
        const object = await mutateAll(request, warnings)
        return { status: 'admitted', object, warnings: warnings.list() }
      } catch (error) {
        return refusal(error, warnings)
      }
    },
    async validate(request) {
      const warnings = createWarnings()
      if (isExempt(request)) return { status: 'admitted', warnings: [] }
      try {
        await validateAll(request, warnings)
        return { status: 'admitted', warnings: warnings.list() }
      } catch (error) {
        return refusal(error, warnings)
      }
    },
    close: invoker.close,
  }
}

function refusal(error: unknown, warnings: Warnings): Refusal {
  if (error instanceof KubeFailure) return { status: 'refused', failure: error, warnings: warnings.list() }
  throw error
}
