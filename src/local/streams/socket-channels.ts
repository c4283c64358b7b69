import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'

/** What one channel keeps of what was received and not read, before the whole socket has to wait. */
const KEPT_BYTES = 65_536

/** In v5: the second byte of the message is a channel on which its sender sends nothing more. */
const CLOSE_CHANNEL = 255

export interface SocketChannelsOptions {
  readonly socket: WebSocket
  /** Text messages, each a digit and base64, in the place of binary ones. */
  readonly base64: boolean
  /** Whether a client can close a channel by itself (v5). */
  readonly closes: boolean
  /** Something other than pings went over the socket. */
  readonly used: () => void
}

interface ChannelPort {
  send(bytes: Buffer, done: () => void): void
  room(has: boolean): void
}

/**
 * Streams side by side in the messages of a WebSocket: the first byte of each names its channel (apimachinery, wsstream).
 * A channel has no end of its own towards the client: ended, it only sends nothing more. The channels are destroyed with
 * the socket, and never emit 'error'.
 */
export class SocketChannels {
  readonly #options: SocketChannelsOptions
  readonly #channels: Map<number, SocketChannel> = new Map()
  readonly #full: Set<number> = new Set()

  constructor(options: SocketChannelsOptions) {
    this.#options = options
    options.socket.on('message', data => this.#receive(asBuffer(data)))
    options.socket.on('close', () => {
      for (const channel of this.#channels.values()) channel.destroy()
    })
  }

  /** Messages on channels that were not opened are dropped. */
  open(id: number): Duplex {
    const channel = new SocketChannel({
      send: (bytes, done) => this.send(id, bytes, done),
      room: has => this.#setRoom(id, has),
    })
    this.#channels.set(id, channel)
    return channel
  }

  /** Calls `done` when the message has left, or cannot any more: then the socket closes. */
  send(id: number, bytes: Buffer, done: () => void = () => {}): void {
    this.#options.used()
    const message = this.#options.base64
      ? `${String.fromCharCode(48 + id)}${bytes.toString('base64')}`
      : Buffer.concat([Buffer.from([id]), bytes])
    this.#options.socket.send(message, () => done())
  }

  #receive(message: Buffer): void {
    this.#options.used()
    const [first] = message
    if (first === undefined) return
    const { base64, closes } = this.#options
    if (closes && first === CLOSE_CHANNEL) {
      this.#channels.get(message[1] ?? CLOSE_CHANNEL)?.receive(null)
      return
    }
    const channel = this.#channels.get(base64 ? first - 48 : first)
    const rest = message.subarray(1)
    channel?.receive(base64 ? Buffer.from(rest.toString('latin1'), 'base64') : rest)
  }

  #setRoom(id: number, has: boolean): void {
    const { socket } = this.#options
    if (has) this.#full.delete(id)
    else this.#full.add(id)
    if (this.#full.size > 0) socket.pause()
    else if (socket.isPaused) socket.resume()
  }
}

class SocketChannel extends Duplex {
  readonly #port: ChannelPort
  #receivedAll = false

  constructor(port: ChannelPort) {
    super({ readableHighWaterMark: KEPT_BYTES, writableHighWaterMark: KEPT_BYTES })
    this.#port = port
  }

  /** Null: nothing more comes. */
  receive(bytes: Buffer | null): void {
    if (this.#receivedAll || this.destroyed) return
    if (bytes === null) {
      this.#receivedAll = true
      this.push(null)
      // Nobody asks an ended stream for more: the others must not wait for that.
      this.#port.room(true)
    } else if (bytes.length > 0 && !this.push(bytes)) {
      this.#port.room(false)
    }
  }

  override _read(): void {
    this.#port.room(true)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#port.send(chunk, done)
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    this.#port.room(true)
    done(null)
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
