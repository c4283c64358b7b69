import type { Socket } from 'node:net'
import { JoinedBytes } from './joined-bytes.ts'
import { ReadBuffer, type SharedBytes } from './read-buffer.ts'
import {
  type HandleReader,
  handleOf,
  type OnRead,
  type StreamBinding,
  type StreamHandle,
  streamBinding,
  type WriteRequest,
} from './stream-binding.ts'

/** Who is told what a direct stream reads and writes. */
export interface DirectUser {
  onData(bytes: Buffer): void
  onDrain(): void
  /** libuv's error, negative. */
  onWriteFailure(error: number): void
}

/** More is waiting than should; Node's own streams have the same mark. */
const HIGH_WATER_BYTES = 64 * 1024

const node = streamBinding()

/** For the next write of any stream: a handle only keeps it where the kernel did not take all at once. */
let request: WriteRequest | undefined

/** For writes of a text and bytes together; another one where a write keeps it. */
let joined = new JoinedBytes()

/** Whose bytes an `onData` is just lending. */
let lending: ReadBuffer | undefined

/**
 * Reads and writes a connected socket past Node's streams, which cost as much as all else that is done for a request
 * (docs/adr/0009-past-the-streams.md). Connecting, ending and closing stay the socket's.
 */
export class DirectStream implements HandleReader {
  private readonly binding: StreamBinding
  private readonly handle: StreamHandle
  private readonly user: DirectUser
  private readonly buffer = new ReadBuffer()
  private readonly streamRead: OnRead
  private writing = 0
  private awaitsDrain = false
  private closed = false

  /** Undefined where this Node does not have what is needed. */
  static over(socket: Socket, user: DirectUser): DirectStream | undefined {
    const handle = handleOf(socket)
    return node === undefined || handle === undefined ? undefined : new DirectStream(node, handle, user)
  }

  private constructor(binding: StreamBinding, handle: StreamHandle, user: DirectUser) {
    this.binding = binding
    this.handle = handle
    this.user = user
    this.streamRead = handle.onread
    handle.reader = this
    // biome-ignore lint/correctness/useHookAtTopLevel: the name is Node's, it is no hook of React
    handle.useUserBuffer(this.buffer.current.bytes)
    handle.onread = readHandle
  }

  /** Bytes that the kernel has not yet taken. */
  get unsent(): number {
    return this.writing === 0 || this.closed ? 0 : this.handle.writeQueueSize
  }

  write(bytes: Buffer): boolean {
    if (this.closed) return true
    request ??= new this.binding.WriteWrap()
    return this.wrote(request, this.handle.writeBuffer(request, bytes), bytes)
  }

  /** Latin-1. The handle copies what it cannot write at once. */
  writeText(text: string): boolean {
    if (this.closed) return true
    request ??= new this.binding.WriteWrap()
    return this.wrote(request, this.handle.writeLatin1String(request, text), undefined)
  }

  writeBoth(text: string, bytes: Buffer): boolean {
    return this.write(joined.of(text, bytes))
  }

  private wrote(asked: WriteRequest, error: number, bytes: Buffer | undefined): boolean {
    if (error !== 0) {
      this.user.onWriteFailure(error)
      return true
    }
    if (this.binding.state[this.binding.lastWriteWasAsync] === 0) return true
    request = undefined
    asked.pending = new PendingWrite(this, bytes)
    asked.oncomplete = completeWrite
    this.writing++
    this.awaitsDrain ||= this.handle.writeQueueSize >= HIGH_WATER_BYTES
    return !this.awaitsDrain
  }

  onWritten(error: number): void {
    this.writing--
    if (this.closed) return
    if (error < 0) {
      this.user.onWriteFailure(error)
    } else if (this.awaitsDrain && this.writing === 0) {
      this.awaitsDrain = false
      this.user.onDrain()
    }
  }

  pause(): void {
    if (this.closed || !this.handle.reading) return
    this.handle.reading = false
    this.handle.readStop()
  }

  resume(): void {
    if (this.closed || this.handle.reading) return
    this.handle.reading = true
    this.handle.readStart()
  }

  /** The socket is closed. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.buffer.end()
  }

  onRead(bytes: ArrayBuffer | undefined): unknown {
    const length = this.binding.state[this.binding.readBytesOrError] ?? 0
    // Ends and errors are for the socket to tell.
    if (length <= 0) return this.streamRead.call(this.handle, bytes)
    const { buffer } = this
    lending = buffer
    this.user.onData(buffer.filled(length))
    lending = undefined
    return !this.closed && buffer.advance(length) ? buffer.current.bytes : undefined
  }
}

function readHandle(this: StreamHandle, bytes: ArrayBuffer | undefined): unknown {
  return this.reader?.onRead(bytes)
}

/** A write that the kernel takes bit by bit: its bytes must stay as they are. */
class PendingWrite {
  private readonly stream: DirectStream
  /** Kept from the garbage collector. */
  readonly bytes: Buffer | undefined
  private readonly shared: SharedBytes | undefined

  constructor(stream: DirectStream, bytes: Buffer | undefined) {
    this.stream = stream
    this.bytes = bytes
    this.shared = bytes?.buffer === lending?.current.bytes.buffer ? lending?.current : undefined
    this.shared?.use()
    if (joined.holds(bytes)) joined = new JoinedBytes()
  }

  complete(error: number): void {
    this.shared?.release()
    this.stream.onWritten(error)
  }
}

function completeWrite(this: WriteRequest, error: number): void {
  this.pending?.complete(error)
}
