import type { Webhook } from './webhook.ts'

export type Round = 'first' | 'again'

/**
 * Which webhooks are asked once more, because another one changed the object after them
 * (kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers, "Reinvocation policy").
 */
export interface Reinvocation {
  includes(round: Round, webhook: Webhook): boolean
  /** After each call. */
  note(webhook: Webhook, changed: boolean): void
}

export function createReinvocation(): Reinvocation {
  /** Since the last change, of those that want to be asked again. */
  const calledSince = new Set<string>()
  const again = new Set<string>()

  return {
    includes: (round, webhook) => round === 'first' || again.has(webhook.id),
    note(webhook, changed) {
      if (changed) {
        for (const id of calledSince) again.add(id)
        calledSince.clear()
      }
      if (webhook.reinvocationPolicy === 'IfNeeded') calledSince.add(webhook.id)
    },
  }
}
