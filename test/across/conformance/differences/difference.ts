import type { RequestOutcome } from '../../../../src/sidecar/conformance/request-case.ts'
import type { ResponseCase } from '../../../../src/sidecar/conformance/response-case.ts'

/** What nginx does otherwise than a sidecar, by `topic: name` of the case, and why ours is as it is. */
export interface Explanation<Outcome> {
  readonly because: string
  readonly cases: Readonly<Record<string, Outcome>>
}

/** `arrives` in the words of `meaningOf`. */
export type NginxRequest = RequestOutcome

export interface NginxResponse {
  /** In the words of `meanings`. */
  readonly seen: readonly string[]
  readonly client: ResponseCase['client']
  readonly reused: boolean
  /** It waits for the end of the app's connection, which therefore ends. */
  readonly behind?: 'ends'
}

/** The app is asked, and the connection lives. */
export function takes(...arrives: readonly string[]): NginxRequest {
  return { arrives, answers: arrives.map(() => 200), alive: true }
}

/** nginx answers itself, and ends the connection. */
export function says(status: number): NginxRequest {
  return { arrives: [], answers: [status], alive: false }
}

/** The client sees it, and may go on; the app has ended its connection. */
export function relays(...seen: readonly string[]): NginxResponse {
  return { seen, client: 'alive', reused: false }
}
