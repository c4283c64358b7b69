/** What is said by one end and seen by the other, in an order that matters. */
export interface Conversation {
  readonly name: string
  readonly steps: readonly Step[]
  /** Sense makes it only where apps send, or only where other pods do. */
  readonly only?: 'outbound' | 'inbound'
}

export type End = 'client' | 'app'

export type Step =
  /** Writes it. */
  | { readonly by: End; readonly says: string }
  /** Has seen just this, and nothing before it, byte for byte. */
  | { readonly by: End; readonly sees: string }
  /** The client has seen a whole answer of the sidecar itself. */
  | { readonly by: 'client'; readonly seesStatus: number }
  /** Ends its side, or breaks the connection off. */
  | { readonly by: End; readonly does: 'ends' | 'resets' }
  /** Has seen the end of the other side, or that it broke off, or either. */
  | { readonly by: End; readonly seesThat: 'ended' | 'broken' | 'over' }

/** Said by the one, seen by the other. */
export function across(from: End, text: string, as: string = text): readonly Step[] {
  return [
    { by: from, says: text },
    { by: from === 'client' ? 'app' : 'client', sees: as },
  ]
}

export const clientSays = (text: string): Step => ({ by: 'client', says: text })
export const appSays = (text: string): Step => ({ by: 'app', says: text })
export const clientSees = (text: string): Step => ({ by: 'client', sees: text })
export const appSees = (text: string): Step => ({ by: 'app', sees: text })
export const refusedWith = (status: number): Step => ({ by: 'client', seesStatus: status })

export const CLIENT_ENDS: Step = { by: 'client', does: 'ends' }
export const APP_ENDS: Step = { by: 'app', does: 'ends' }
export const CLIENT_RESETS: Step = { by: 'client', does: 'resets' }
export const APP_RESETS: Step = { by: 'app', does: 'resets' }
export const CLIENT_SEES_END: Step = { by: 'client', seesThat: 'ended' }
export const CLIENT_SEES_RESET: Step = { by: 'client', seesThat: 'broken' }
export const APP_SEES_END: Step = { by: 'app', seesThat: 'ended' }
export const APP_IS_LEFT: Step = { by: 'app', seesThat: 'over' }
