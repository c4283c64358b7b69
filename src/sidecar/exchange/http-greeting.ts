import { PREFACE } from '../http2/frame.ts'
import { ServerConnection } from '../http2/server-connection.ts'
import type { Transport } from '../net/transport.ts'
import type { DataPlane } from './data-plane.ts'
import { Downstream } from './downstream.ts'
import type { Entry } from './entry.ts'
import { Greeting } from './greeting.ts'

/** Enough to tell the preface of HTTP/2 from every request: no method begins with these. */
const TELLING = PREFACE.subarray(0, 'PRI * HTTP/2'.length)

/** Takes a connection that speaks HTTP/1, or HTTP/2 by prior knowledge; `bytes`: what came already, lent. */
export function greetHttp(plane: DataPlane, transport: Transport, entry: Entry, bytes: Buffer): void {
  if (!decide(plane, transport, entry, bytes)) new HttpGreeting(plane, transport, entry, bytes)
}

/** False: too little has come. */
function decide(plane: DataPlane, transport: Transport, entry: Entry, bytes: Buffer): boolean {
  const length = Math.min(bytes.length, TELLING.length)
  const likeHttp2 = TELLING.compare(bytes, 0, length, 0, length) === 0
  if (likeHttp2 && length < TELLING.length) return false
  const server = likeHttp2
    ? new ServerConnection(plane, transport, entry)
    : new Downstream(plane, transport, entry)
  transport.owner = server
  plane.connections.add(server)
  server.onData(bytes)
  return true
}

/** A connection that has said nothing, or not enough to know which version it speaks. */
class HttpGreeting extends Greeting {
  private readonly entry: Entry
  private bytes: Buffer

  constructor(plane: DataPlane, transport: Transport, entry: Entry, bytes: Buffer) {
    super(plane, transport, entry.direction)
    this.entry = entry
    this.bytes = Buffer.from(bytes)
  }

  onData(lent: Buffer): void {
    const bytes = this.bytes.length === 0 ? lent : Buffer.concat([this.bytes, lent])
    if (decide(this.plane, this.transport, this.entry, bytes)) this.leave()
    else this.bytes = Buffer.from(bytes)
  }
}
