import type { Socket } from 'node:net'

/** The handle below a socket: where Node's own stream writes to and is called from. Errors are libuv's, negative. */
export interface StreamHandle {
  /** Kept up to date by whoever starts and stops. */
  reading: boolean
  onread: OnRead
  /** Ours: who reads instead of the stream. */
  reader?: HandleReader
  readonly writeQueueSize: number
  readStart(): number
  readStop(): number
  /** What is read from now on goes into this buffer. The handle does not keep it alive. */
  useUserBuffer(bytes: Buffer): void
  writeBuffer(request: WriteRequest, bytes: Buffer): number
  writeLatin1String(request: WriteRequest, text: string): number
}

/** Called with the handle as `this`. A buffer that it returns is read into from then on. */
export type OnRead = (this: StreamHandle, bytes: ArrayBuffer | undefined) => unknown

export interface HandleReader {
  onRead(bytes: ArrayBuffer | undefined): unknown
}

/** Kept by the handle only while a write is on its way. */
export interface WriteRequest {
  oncomplete: (this: WriteRequest, error: number) => void
  /** Ours. */
  pending?: { complete(error: number): void }
}

/** What Node's streams share with the code below them. Results of the last call stand in `state`. */
export interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest
  readonly state: Int32Array
  /** Places in `state`. */
  readonly readBytesOrError: number
  readonly lastWriteWasAsync: number
}

/**
 * `process.binding` is deprecated in the documentation (DEP0111) and there in every Node that we bring along; where it is
 * not, or not as expected, sockets are used as streams.
 */
export function streamBinding(): StreamBinding | undefined {
  try {
    const binding: unknown = Reflect.get(process, 'binding').call(process, 'stream_wrap')
    return isObject(binding) ? bindingOf(binding) : undefined
  } catch {
    return undefined
  }
}

function bindingOf(binding: object): StreamBinding | undefined {
  const WriteWrap: unknown = Reflect.get(binding, 'WriteWrap')
  const state: unknown = Reflect.get(binding, 'streamBaseState')
  const readBytesOrError: unknown = Reflect.get(binding, 'kReadBytesOrError')
  const lastWriteWasAsync: unknown = Reflect.get(binding, 'kLastWriteWasAsync')
  if (!isWriteWrap(WriteWrap) || !(state instanceof Int32Array)) return undefined
  if (typeof readBytesOrError !== 'number' || typeof lastWriteWasAsync !== 'number') return undefined
  return { WriteWrap, state, readBytesOrError, lastWriteWasAsync }
}

/** Undefined: the socket is closed, or is not what it is in the Node that we know. */
export function handleOf(socket: Socket): StreamHandle | undefined {
  const handle: unknown = Reflect.get(socket, '_handle')
  return isStreamHandle(handle) ? handle : undefined
}

const METHODS = ['onread', 'readStart', 'readStop', 'useUserBuffer', 'writeBuffer', 'writeLatin1String']

function isStreamHandle(value: unknown): value is StreamHandle {
  return isObject(value) && METHODS.every(name => typeof Reflect.get(value, name) === 'function')
}

function isWriteWrap(value: unknown): value is new () => WriteRequest {
  return typeof value === 'function' && value.name === 'WriteWrap'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
