import { KisekiError } from '../../model/errors.ts'
import { HeaderInflater } from './spdy-compression.ts'
import {
  CONTROL_TYPES,
  FLAG_FIN,
  FLAG_UNIDIRECTIONAL,
  FRAME_HEADER_BYTES,
  SPDY_VERSION,
  type SpdyFrame,
} from './spdy-frame.ts'
import { decodeHeaders, type SpdyHeaders } from './spdy-headers.ts'

/** Of a control frame. Those of kubectl stay far below 1 KiB. */
export const MOST_CONTROL_BYTES = 65_536

const STREAM_ID = 0x7fffffff
const EMPTY = Buffer.alloc(0)

/** A data frame of which bytes are still to come. */
interface OpenData {
  readonly streamId: number
  readonly fin: boolean
  left: number
}

/**
 * Makes frames of the bytes of one direction, however they are cut. A data frame is not gathered: each part that comes is
 * a frame of its own, the last of which has the `fin`, so that 16 MiB of length promise no memory. Control frames of
 * unknown types are left out (2.6: "must be ignored").
 */
export class SpdyDecoder {
  readonly #inflater: HeaderInflater = new HeaderInflater()
  #rest: Buffer = EMPTY
  #data: OpenData | undefined;

  /** Throws KISEKI_BAD_REQUEST for what is not SPDY/3 or too large; the decoder is of no use after it. */
  *decode(bytes: Buffer): Generator<SpdyFrame, void, undefined> {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    this.#rest = EMPTY
    while (rest.length > 0) {
      if (this.#data !== undefined) {
        const part = rest.subarray(0, this.#data.left)
        rest = rest.subarray(part.length)
        yield this.#dataFrame(this.#data, part)
        continue
      }
      const needed = frameBytes(rest)
      if (rest.length < needed) break
      const frame = this.#frame(rest.subarray(0, needed))
      rest = rest.subarray(needed)
      if (frame !== undefined) yield frame
    }
    this.#rest = rest
  }

  #dataFrame(open: OpenData, bytes: Buffer): SpdyFrame {
    open.left -= bytes.length
    const last = open.left === 0
    if (last) this.#data = undefined
    return { type: 'data', streamId: open.streamId, fin: last && open.fin, bytes }
  }

  #frame(whole: Buffer): SpdyFrame | undefined {
    const flags = whole.readUInt8(4)
    if (isControl(whole))
      return this.#control(whole.readUInt16BE(2), flags, whole.subarray(FRAME_HEADER_BYTES))
    const fin = (flags & FLAG_FIN) !== 0
    const open: OpenData = { streamId: whole.readUInt32BE(0), fin, left: lengthOf(whole) }
    if (open.left === 0) return this.#dataFrame(open, EMPTY)
    this.#data = open
    return undefined
  }

  #control(type: number, flags: number, body: Buffer): SpdyFrame | undefined {
    const fin = (flags & FLAG_FIN) !== 0
    switch (type) {
      case CONTROL_TYPES['syn-stream']: {
        const unidirectional = (flags & FLAG_UNIDIRECTIONAL) !== 0
        const headers = this.#headers(body, 10)
        return { type: 'syn-stream', streamId: idAt(body, 0), fin, unidirectional, headers }
      }
      case CONTROL_TYPES['syn-reply']:
        return { type: 'syn-reply', streamId: idAt(body, 0), fin, headers: this.#headers(body, 4) }
      case CONTROL_TYPES.headers:
        return { type: 'headers', streamId: idAt(body, 0), fin, headers: this.#headers(body, 4) }
      case CONTROL_TYPES['rst-stream']:
        return { type: 'rst-stream', streamId: idAt(body, 0), status: numberAt(body, 4) }
      case CONTROL_TYPES.settings:
        return settings(body)
      case CONTROL_TYPES.ping:
        return { type: 'ping', id: numberAt(body, 0) }
      case CONTROL_TYPES.goaway:
        return { type: 'goaway', lastStreamId: idAt(body, 0), status: numberAt(body, 4) }
      case CONTROL_TYPES['window-update']:
        return { type: 'window-update', streamId: idAt(body, 0), delta: idAt(body, 4) }
      default:
        return undefined
    }
  }

  /** Every block has to go through, wanted or not: later ones refer to it. */
  #headers(body: Buffer, at: number): SpdyHeaders {
    if (body.length < at) throw tooShort()
    return decodeHeaders(this.#inflater.inflate(body.subarray(at)))
  }
}

/** How many bytes must be there before something can be made of them; those of a data frame may come later. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < FRAME_HEADER_BYTES || !isControl(bytes)) return FRAME_HEADER_BYTES
  const version = bytes.readUInt16BE(0) & 0x7fff
  if (version !== SPDY_VERSION) throw bad(`version ${version} where 3 was expected`)
  const length = lengthOf(bytes)
  if (length > MOST_CONTROL_BYTES) throw bad(`a control frame of ${length} bytes`)
  return FRAME_HEADER_BYTES + length
}

function isControl(frame: Buffer): boolean {
  return (frame.readUInt8(0) & 0x80) !== 0
}

function lengthOf(frame: Buffer): number {
  return frame.readUIntBE(5, 3)
}

function settings(body: Buffer): SpdyFrame {
  const count = numberAt(body, 0)
  if (body.length !== 4 + 8 * count) throw bad('SETTINGS whose count does not fit its length')
  const entries = Array.from({ length: count }, (_, index) => {
    const at = 4 + 8 * index
    return { flags: body.readUInt8(at), id: body.readUIntBE(at + 1, 3), value: body.readUInt32BE(at + 4) }
  })
  return { type: 'settings', entries }
}

function idAt(body: Buffer, at: number): number {
  return numberAt(body, at) & STREAM_ID
}

function numberAt(body: Buffer, at: number): number {
  if (body.length < at + 4) throw tooShort()
  return body.readUInt32BE(at)
}

function tooShort(): KisekiError {
  return bad('a control frame that is too short for its type')
}

function bad(what: string): KisekiError {
  return new KisekiError('KISEKI_BAD_REQUEST', `SPDY: ${what}`)
}
