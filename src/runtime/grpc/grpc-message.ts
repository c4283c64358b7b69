import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { messageOf } from '../../model/errors.ts'
import { Turns } from '../turns.ts'
import { GRPC, type GrpcAnswer } from './grpc-status.ts'

/** A flag that says whether it is compressed, and its length, in front of each message. */
const HEAD_BYTES = 5

export const GRPC_ENCODINGS = 'identity,gzip'

/** As many as there are threads for it, as for bodies of HTTP. */
const decompressing = new Turns(4)

/** Bounds what the messages of all calls take. */
export interface Room {
  /** False: there is none. */
  take(bytes: number): boolean
  correct(taken: number, actual: number): void
  give(bytes: number): void
}

export type Failure = Exclude<GrpcAnswer, { readonly code: 0 }>

export interface MessageOptions {
  readonly maxBytes: number
  readonly room: Room
  /** What is said where there is no room. */
  readonly noRoom: Failure
  /** `grpc-encoding`. */
  readonly encoding: string
}

/**
 * Puts the one message of a call together as its bytes come. It takes room as soon as it knows the length, and whoever
 * made it gives the room back with `release`.
 */
export class MessageReader {
  readonly #options: MessageOptions
  readonly #head: Buffer = Buffer.alloc(HEAD_BYTES)
  #headBytes = 0
  #body: Buffer | undefined
  #bodyBytes = 0
  #held = 0

  constructor(options: MessageOptions) {
    this.#options = options
  }

  /** Undefined: go on. */
  push(chunk: Buffer): Failure | undefined {
    let rest = chunk
    if (this.#body === undefined) {
      const taken = rest.copy(this.#head, this.#headBytes)
      this.#headBytes += taken
      if (this.#headBytes < HEAD_BYTES) return undefined
      const failure = this.#begin()
      if (failure !== undefined) return failure
      rest = rest.subarray(taken)
    }
    const body = this.#body
    if (body === undefined) return undefined
    if (rest.length > body.length - this.#bodyBytes) {
      return { code: GRPC.unimplemented, text: 'a call has one message, and more came' }
    }
    this.#bodyBytes += rest.copy(body, this.#bodyBytes)
    return undefined
  }

  #begin(): Failure | undefined {
    const { maxBytes, room, noRoom, encoding } = this.#options
    const length = this.#head.readUInt32BE(1)
    const flag = this.#head[0] ?? 0
    if (flag > 1) return { code: GRPC.internal, text: `a message has the unknown flag ${flag}` }
    if (flag === 1 && encoding === 'identity') {
      return { code: GRPC.internal, text: 'a message is compressed, and grpc-encoding does not say how' }
    }
    if (length > maxBytes) return tooLarge(maxBytes)
    if (!room.take(length)) return noRoom
    this.#held = length
    this.#body = Buffer.allocUnsafe(length)
    return undefined
  }

  /** The message, decompressed; called when all bytes were there. */
  async finish(): Promise<{ readonly message: Uint8Array } | Failure> {
    const body = this.#body
    if (body === undefined || this.#bodyBytes < body.length) {
      return this.#headBytes === 0
        ? { code: GRPC.unimplemented, text: 'a call has one message, and none came' }
        : { code: GRPC.internal, text: 'the message is cut short' }
    }
    if (this.#head[0] === 0) return { message: body }
    return decompressing.take(() => this.#decompress(body))
  }

  async #decompress(body: Buffer): Promise<{ readonly message: Uint8Array } | Failure> {
    const { maxBytes, room } = this.#options
    try {
      const message = await promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)(body, {
        maxOutputLength: maxBytes,
      })
      if (this.#held > 0) {
        room.correct(this.#held, message.length)
        this.#held = message.length
      }
      return { message }
    } catch (error) {
      if (error instanceof RangeError) return tooLarge(maxBytes)
      return { code: GRPC.internal, text: `the message is no gzip: ${messageOf(error)}` }
    }
  }

  release(): void {
    if (this.#held > 0) this.#options.room.give(this.#held)
    this.#held = 0
  }
}

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(HEAD_BYTES + message.length)
  framed[0] = 0
  framed.writeUInt32BE(message.length, 1)
  framed.set(message, HEAD_BYTES)
  return framed
}

function tooLarge(maxBytes: number): Failure {
  return {
    code: GRPC.resourceExhausted,
    text: `a message may have ${maxBytes} bytes at most, also decompressed`,
  }
}
