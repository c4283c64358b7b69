import { type Refusal, replyText } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import { Closing } from './closing.ts'
import type { DataPlane } from './data-plane.ts'

/** How a client hears what becomes of its CONNECT. */
export interface ConnectAnswer {
  /** What follows goes through the tunnel. */
  accept(): void
  /** There is no tunnel, and nothing more to be said. */
  refuse(refusal: Refusal): void
}

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'

export function http1ConnectAnswer(plane: DataPlane, client: Transport): ConnectAnswer {
  return {
    accept: () => void client.writeText(ESTABLISHED),
    refuse(refusal) {
      client.writeText(replyText({ ...refusal, close: true, headOnly: false }))
      new Closing(plane, client)
    },
  }
}
