import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Writes so many copies of the part as fast as the other side takes them. */
export async function pour(socket: Socket, part: Buffer, times: number): Promise<void> {
  for (let written = 0; written < times; written++) {
    if (!socket.write(part)) await once(socket, 'drain')
  }
}

/** A client's end that reads one response into one buffer, and only counts. */
export interface CountingEnd {
  readonly socket: Socket
  readonly head: string
  /** Behind the head. */
  readonly received: number
  /** The last bytes, as text. */
  readonly tail: string
  /** Resolves once so much has come; rejects where the connection ends before. */
  until(bytes: number): Promise<void>
}

const TAIL_BYTES = 16
const HEAD_END = '\r\n\r\n'

export async function countingEnd({ address, outbound }: Way): Promise<CountingEnd> {
  let head = ''
  let received = 0
  let tail = ''
  let changed: () => void = () => undefined
  const socket = connect({
    port: outbound,
    host: address,
    onread: {
      buffer: Buffer.allocUnsafe(256 * 1024),
      callback(length, bytes) {
        received += length - headBytes(length, bytes)
        tail = (tail + Buffer.from(bytes).toString('latin1', Math.max(0, length - TAIL_BYTES), length)).slice(
          -TAIL_BYTES,
        )
        changed()
        return true
      },
    },
  })
  function headBytes(length: number, bytes: Uint8Array): number {
    if (head.endsWith(HEAD_END)) return 0
    const text = head + Buffer.from(bytes).toString('latin1', 0, length)
    const end = text.indexOf(HEAD_END)
    const taken = end < 0 ? length : end + HEAD_END.length - head.length
    head = text.slice(0, head.length + taken)
    return taken
  }
  await once(socket, 'connect')
  return {
    socket,
    get head() {
      return head
    },
    get received() {
      return received
    },
    get tail() {
      return tail
    },
    until: bytes =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (received >= bytes) resolve()
        }
        changed = look
        socket.once('close', () => reject(new Error(`closed after ${received} of ${bytes} bytes`)))
        look()
      }),
  }
}

/** Where a sidecar takes what its app sends. */
export interface Way {
  readonly address: string
  readonly outbound: number
}
