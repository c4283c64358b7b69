import { connect, type Socket } from 'node:net'
import type { Transport, TransportOwner } from './transport.ts'

export interface ConnectTarget {
  /** A name or an address. */
  readonly host: string
  readonly port: number
  /** Text that goes before all else, made when the local port is known; absent: none. */
  readonly preface?: (localPort: number) => string
}

/** Error code for a connection that led back to this sidecar. */
export const LOOP_FAILURE = 'ELOOP'

/** One read of a bulk transfer; larger buffers cost more memory per connection than they save calls. */
const READ_BUFFER_BYTES = 16 * 1024
const MAPPED_IPV4 = '::ffff:'

export function acceptTransport(socket: Socket, owner: TransportOwner): Transport {
  const transport = new SocketTransport(socket, owner)
  socket.on('data', (bytes: Buffer) => transport.owner.onData(bytes))
  transport.learnRemote()
  return transport
}

export interface ConnectOptions {
  readonly target: ConnectTarget
  readonly owner: TransportOwner
  /** Asked once the address is known; false ends the connection with `LOOP_FAILURE`. */
  readonly permitted: (address: string, port: number) => boolean
}

/** Begins to connect. Client sockets read into one buffer of their own, again and again. */
export function connectTransport(options: ConnectOptions): Transport {
  const buffer = new ReadBuffer()
  const { host, port } = options.target
  const socket = connect({
    host,
    port,
    noDelay: true,
    allowHalfOpen: true,
    onread: {
      buffer: () => buffer.next(),
      callback: length => {
        transport.owner.onData(buffer.filled(length))
        return true
      },
    },
  })
  const transport = new SocketTransport(socket, options.owner)
  transport.awaitConnection(options)
  return transport
}

class SocketTransport implements Transport {
  owner: TransportOwner
  remoteAddress = ''
  remotePort = 0
  private readonly socket: Socket
  /** What was written before the connection stood; undefined once it does. */
  private waiting: (Buffer | string)[] | undefined
  private failure = ''

  constructor(socket: Socket, owner: TransportOwner) {
    this.socket = socket
    this.owner = owner
    socket.on('drain', () => this.owner.onDrain())
    socket.on('end', () => this.owner.onEnd())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.failure ||= error.code ?? error.message
    })
    socket.on('close', () => this.owner.onClose(this.failure))
  }

  get connected(): boolean {
    return this.waiting === undefined
  }

  get unsent(): number {
    return this.socket.writableLength
  }

  learnRemote(): void {
    const address = this.socket.remoteAddress ?? ''
    this.remoteAddress = address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address
    this.remotePort = this.socket.remotePort ?? 0
  }

  awaitConnection(options: ConnectOptions): void {
    this.waiting = []
    this.socket.once('connect', () => {
      this.learnRemote()
      if (!options.permitted(this.remoteAddress, this.remotePort)) {
        this.failure = LOOP_FAILURE
        this.socket.destroy()
        return
      }
      this.flush(options.target.preface?.(this.socket.localPort ?? 0))
      this.owner.onConnect()
      if (!this.socket.writableNeedDrain) this.owner.onDrain()
    })
  }

  private flush(preface: string | undefined): void {
    const waiting = this.waiting ?? []
    this.waiting = undefined
    this.socket.cork()
    if (preface !== undefined) this.socket.write(preface, 'latin1')
    for (const part of waiting) this.socket.write(part, 'latin1')
    this.socket.uncork()
  }

  write(bytes: Buffer): boolean {
    if (this.waiting !== undefined) {
      this.waiting.push(Buffer.from(bytes))
      return false
    }
    const flows = this.socket.write(bytes)
    if (this.socket.writableLength > 0) ReadBuffer.kept++
    return flows
  }

  writeText(text: string): boolean {
    if (this.waiting !== undefined) {
      this.waiting.push(text)
      return false
    }
    return this.socket.write(text, 'latin1')
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  end(): void {
    if (this.waiting === undefined) this.socket.end()
    // The system sends what waits first only if the end is asked for after it.
    else this.socket.once('connect', () => this.socket.end())
  }

  destroy(): void {
    this.socket.destroy()
  }

  reset(): void {
    // A socket that still connects would first wait for that.
    if (this.waiting === undefined) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }
}

/**
 * The buffer that a client socket reads into. It is read into again, unless somebody kept its bytes: a write that the
 * kernel did not take at once still needs them. All work happens inside one `onData`, so it is enough to see
 * whether any such write happened since the last read.
 */
class ReadBuffer {
  /** Writes, over all connections, whose bytes were not gone when the call returned. */
  static kept = 0
  private bytes = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  private keptBefore = ReadBuffer.kept

  next(): Buffer {
    if (ReadBuffer.kept !== this.keptBefore) this.bytes = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
    return this.bytes
  }

  filled(length: number): Buffer {
    this.keptBefore = ReadBuffer.kept
    return this.bytes.subarray(0, length)
  }
}
