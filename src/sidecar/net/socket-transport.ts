import { connect, type Socket } from 'node:net'
import { getSystemErrorName } from 'node:util'
import { DirectStream, type DirectUser } from './direct-stream.ts'
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

const MAPPED_IPV4 = '::ffff:'

/** `direct`: past Node's streams, where this Node can. `stream`: through them. */
export type TransportKind = 'direct' | 'stream'

export function acceptTransport(
  socket: Socket,
  owner: TransportOwner,
  kind: TransportKind = 'direct',
): Transport {
  const transport = new SocketTransport(socket, owner, kind)
  transport.open()
  return transport
}

export interface ConnectOptions {
  readonly target: ConnectTarget
  readonly owner: TransportOwner
  /** Asked once the address is known; false ends the connection with `LOOP_FAILURE`. */
  readonly permitted: (address: string, port: number) => boolean
  /** Default: `direct`. */
  readonly kind?: TransportKind
}

/** Begins to connect. */
export function connectTransport(options: ConnectOptions): Transport {
  const { host, port } = options.target
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true })
  const transport = new SocketTransport(socket, options.owner, options.kind ?? 'direct')
  transport.awaitConnection(options)
  return transport
}

class SocketTransport implements Transport, DirectUser {
  owner: TransportOwner
  remoteAddress = ''
  remotePort = 0
  private readonly socket: Socket
  private readonly kind: TransportKind
  /** Undefined before the connection stands, and where this Node cannot. */
  private direct: DirectStream | undefined
  /** What was written before the connection stood; undefined once it does. */
  private waiting: (Buffer | string)[] | undefined
  private failure = ''

  constructor(socket: Socket, owner: TransportOwner, kind: TransportKind) {
    this.socket = socket
    this.kind = kind
    this.owner = owner
    socket.on('drain', () => this.onDrain())
    socket.on('end', () => this.owner.onEnd())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.failure ||= error.code ?? error.message
    })
    socket.on('close', () => {
      this.direct?.close()
      this.owner.onClose(this.failure)
    })
  }

  get connected(): boolean {
    return this.waiting === undefined
  }

  get unsent(): number {
    return this.direct?.unsent ?? this.socket.writableLength
  }

  /** The connection stands. */
  open(): void {
    this.learnRemote()
    this.direct = this.kind === 'direct' ? DirectStream.over(this.socket, this) : undefined
    if (this.direct === undefined) this.socket.on('data', (bytes: Buffer) => this.onData(bytes))
  }

  private learnRemote(): void {
    const address = this.socket.remoteAddress ?? ''
    this.remoteAddress = address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address
    this.remotePort = this.socket.remotePort ?? 0
  }

  awaitConnection(options: ConnectOptions): void {
    this.waiting = []
    this.socket.once('connect', () => {
      this.open()
      if (!options.permitted(this.remoteAddress, this.remotePort)) {
        this.failure = LOOP_FAILURE
        this.socket.destroy()
        return
      }
      this.flush(options.target.preface?.(this.socket.localPort ?? 0) ?? '')
      this.owner.onConnect()
      if (this.unsent === 0) this.onDrain()
    })
  }

  /** In one write: a head that comes in pieces costs the other side. */
  private flush(preface: string): void {
    const waiting = this.waiting ?? []
    this.waiting = undefined
    if (waiting.every(part => typeof part === 'string')) {
      const text = preface + waiting.join('')
      if (text !== '') this.writeText(text)
      return
    }
    const parts = waiting.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
    this.write(Buffer.concat([Buffer.from(preface, 'latin1'), ...parts]))
  }

  onData(bytes: Buffer): void {
    this.owner.onData(bytes)
  }

  onDrain(): void {
    this.owner.onDrain()
  }

  onWriteFailure(error: number): void {
    this.failure ||= getSystemErrorName(error)
    this.socket.destroy()
  }

  write(bytes: Buffer): boolean {
    if (this.direct !== undefined) return this.direct.write(bytes)
    if (this.waiting === undefined) return this.socket.write(bytes)
    this.waiting.push(Buffer.from(bytes))
    return false
  }

  writeText(text: string): boolean {
    if (this.direct !== undefined) return this.direct.writeText(text)
    if (this.waiting === undefined) return this.socket.write(text, 'latin1')
    this.waiting.push(text)
    return false
  }

  writeBoth(text: string, bytes: Buffer): boolean {
    if (this.direct !== undefined) return this.direct.writeBoth(text, bytes)
    return this.write(Buffer.concat([Buffer.from(text, 'latin1'), bytes]))
  }

  pause(): void {
    if (this.direct === undefined) this.socket.pause()
    else this.direct.pause()
  }

  resume(): void {
    if (this.direct === undefined) this.socket.resume()
    else this.direct.resume()
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
