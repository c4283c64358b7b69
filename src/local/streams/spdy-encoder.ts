import { HeaderDeflater } from './spdy-compression.ts'
import {
  CONTROL_TYPES,
  FLAG_FIN,
  FLAG_UNIDIRECTIONAL,
  FRAME_HEADER_BYTES,
  SPDY_VERSION,
  type SpdyDataFrame,
  type SpdyFrame,
} from './spdy-frame.ts'
import { encodeHeaders, type SpdyHeaders } from './spdy-headers.ts'

type ControlFrame = Exclude<SpdyFrame, SpdyDataFrame>

/** Makes the bytes of one direction; the frames must be sent in the order in which they were encoded. */
export class SpdyEncoder {
  readonly #deflater: HeaderDeflater = new HeaderDeflater()

  /** A data frame takes less than 16 MiB. */
  encode(frame: SpdyFrame): Buffer {
    if (frame.type === 'data') return encodeData(frame)
    const body = this.#bodyOf(frame)
    const head = Buffer.alloc(FRAME_HEADER_BYTES)
    head.writeUInt16BE(0x8000 | SPDY_VERSION, 0)
    head.writeUInt16BE(CONTROL_TYPES[frame.type], 2)
    head.writeUInt8(flagsOf(frame), 4)
    head.writeUIntBE(body.length, 5, 3)
    return Buffer.concat([head, body])
  }

  #bodyOf(frame: ControlFrame): Buffer {
    switch (frame.type) {
      case 'syn-stream':
        // No associated stream, the highest priority, no slot of a credential.
        return Buffer.concat([uint32(frame.streamId, 0), Buffer.alloc(2), this.#block(frame.headers)])
      case 'syn-reply':
      case 'headers':
        return Buffer.concat([uint32(frame.streamId), this.#block(frame.headers)])
      case 'rst-stream':
        return uint32(frame.streamId, frame.status)
      case 'settings':
        return uint32(
          frame.entries.length,
          ...frame.entries.flatMap(({ id, flags, value }) => [flags * 0x1000000 + id, value]),
        )
      case 'ping':
        return uint32(frame.id)
      case 'goaway':
        return uint32(frame.lastStreamId, frame.status)
      case 'window-update':
        return uint32(frame.streamId, frame.delta)
    }
  }

  #block(headers: SpdyHeaders): Buffer {
    return this.#deflater.deflate(encodeHeaders(headers))
  }
}

function flagsOf(frame: ControlFrame): number {
  const fin = 'fin' in frame && frame.fin ? FLAG_FIN : 0
  return fin | ('unidirectional' in frame && frame.unidirectional ? FLAG_UNIDIRECTIONAL : 0)
}

function encodeData({ streamId, fin, bytes }: SpdyDataFrame): Buffer {
  const head = Buffer.alloc(FRAME_HEADER_BYTES)
  head.writeUInt32BE(streamId, 0)
  head.writeUInt8(fin ? FLAG_FIN : 0, 4)
  head.writeUIntBE(bytes.length, 5, 3)
  return Buffer.concat([head, bytes])
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}
