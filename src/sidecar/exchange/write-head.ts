import type { Transport } from '../net/transport.ts'

/** Up to here, copying the body behind the head is cheaper than a second write. */
const MOST_COPIED: number = 16 * 1024

/** Writes a head and what there is of the body behind it, in one write where that is worth it. */
export function writeHead(transport: Transport, text: string, body: Buffer): boolean {
  if (body.length === 0) return transport.writeText(text)
  if (body.length > MOST_COPIED) {
    transport.writeText(text)
    return transport.write(body)
  }
  return transport.writeBoth(text, body)
}
