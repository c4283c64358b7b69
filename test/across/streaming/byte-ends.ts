import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Writes so many copies of the part as fast as the other side takes them. */
export async function pour(socket: Socket, part: Buffer, times: number): Promise<void> {
  for (let written = 0; written < times; written++) {
    if (!socket.write(part)) await once(socket, 'drain')
  }
}

/** A client's end that only counts, into one buffer. */
export interface CountingEnd {
  readonly socket: Socket
  readonly received: number
  /** The last bytes, as text. */
  readonly tail: string
  /** Resolves once so much has come; rejects where the connection ends before. */
  until(bytes: number): Promise<void>
}

const TAIL_BYTES = 16

export async function countingEnd(port: number): Promise<CountingEnd> {
  let received = 0
  let tail = ''
  let changed: () => void = () => undefined
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: Buffer.allocUnsafe(256 * 1024),
      callback(length, bytes) {
        received += length
        tail = (tail + Buffer.from(bytes).toString('latin1', Math.max(0, length - TAIL_BYTES), length)).slice(
          -TAIL_BYTES,
        )
        changed()
        return true
      },
    },
  })
  await once(socket, 'connect')
  return {
    socket,
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
