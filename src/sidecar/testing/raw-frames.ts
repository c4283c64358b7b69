import { connect, type Socket } from 'node:net'
import * as Frame from '../http2/frame.ts'
import { HpackDecoder } from '../http2/hpack/decoder.ts'
import { FieldList } from '../http2/hpack/field-list.ts'

export interface ReceivedFrame {
  readonly type: number
  readonly flags: number
  readonly id: number
  readonly payload: Buffer
  /** Of HEADERS. */
  readonly fields: Readonly<Record<string, string>>
}

export type Lines = readonly (readonly [name: string, value: string])[]

/** A frame as it stands on the wire. */
export function frame(type: number, flags: number, id: number, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload)
  const head = Buffer.alloc(Frame.FRAME_HEAD_BYTES)
  head.writeUIntBE(body.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(id, 5)
  return Buffer.concat([head, body])
}

/** The fields as literals that enter no table. */
export function blockOf(lines: Lines): Buffer {
  return Buffer.concat(
    lines.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])),
  )
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  return Buffer.concat([lengthOf(bytes.length), bytes])
}

function lengthOf(length: number): Buffer {
  if (length < 127) return Buffer.from([length])
  const bytes = [127]
  let rest = length - 127
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

export const GET: Lines = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'books.shop'],
]
export const POST: Lines = [[':method', 'POST'], ...GET.slice(1)]

export function headers(id: number, lines: Lines, flags: number = Frame.END_STREAM): Buffer {
  return frame(Frame.HEADERS, flags | Frame.END_HEADERS, id, blockOf(lines))
}

export function data(id: number, payload: Buffer | string, flags = 0): Buffer {
  return frame(Frame.DATA, flags, id, payload)
}

export function settings(...values: readonly (readonly [id: number, value: number])[]): Buffer {
  return frame(Frame.SETTINGS, 0, 0, Buffer.concat(values.map(([id, value]) => numbers([id, 2], [value, 4]))))
}

export function windowUpdate(id: number, increment: number): Buffer {
  return frame(Frame.WINDOW_UPDATE, 0, id, numbers([increment, 4]))
}

export function reset(id: number, code: number): Buffer {
  return frame(Frame.RST_STREAM, 0, id, numbers([code, 4]))
}

/** Big-endian, each with its bytes. */
export function numbers(...values: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntBE(value, 0, bytes)
      return buffer
    }),
  )
}

/** One side of a connection that writes just the frames that the test says. */
export class RawFrames {
  readonly socket: Socket
  readonly frames: ReceivedFrame[] = []
  closed = false
  private readonly decoder = new HpackDecoder()
  private rest: Buffer = Buffer.alloc(0)
  private readonly changed = new Set<() => void>()

  /** `skip`: bytes that come before the first frame. */
  constructor(socket: Socket, skip = 0) {
    this.socket = socket
    let left = skip
    socket.on('data', (bytes: Buffer) => {
      const skipped = Math.min(left, bytes.length)
      left -= skipped
      this.rest = Buffer.concat([this.rest, bytes.subarray(skipped)])
      this.cut()
      this.tell()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      this.tell()
    })
  }

  private tell(): void {
    for (const look of this.changed) look()
  }

  private cut(): void {
    while (this.rest.length >= Frame.FRAME_HEAD_BYTES) {
      const end = Frame.FRAME_HEAD_BYTES + this.rest.readUIntBE(0, 3)
      if (this.rest.length < end) return
      const type = this.rest[3] ?? 0
      const payload = Buffer.from(this.rest.subarray(Frame.FRAME_HEAD_BYTES, end))
      const fields = type === Frame.HEADERS ? this.decode(payload) : {}
      this.frames.push({ type, flags: this.rest[4] ?? 0, id: this.rest.readUInt32BE(5), payload, fields })
      this.rest = this.rest.subarray(end)
    }
  }

  private decode(payload: Buffer): Record<string, string> {
    const list = new FieldList()
    this.decoder.decode(payload, 0, payload.length, list)
    return Object.fromEntries(list.fields.map(({ name, value }) => [name.text, value]))
  }

  write(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** Resolves with what `find` gives once it gives something; undefined where the connection ends before. */
  until<T>(find: (frames: readonly ReceivedFrame[]) => T | undefined): Promise<T | undefined> {
    return new Promise(resolve => {
      const look = (): void => {
        const found = find(this.frames)
        if (found === undefined && !this.closed) return
        this.changed.delete(look)
        resolve(found)
      }
      this.changed.add(look)
      look()
    })
  }

  untilFrame(type: number, id: number, flags = 0): Promise<ReceivedFrame | undefined> {
    return this.until(frames =>
      frames.find(each => each.type === type && each.id === id && (each.flags & flags) === flags),
    )
  }

  async untilClosed(): Promise<void> {
    await this.until(() => undefined)
  }

  close(): Promise<void> {
    this.socket.destroy()
    return this.untilClosed()
  }
}

/** Connects, and says preface and SETTINGS as any client does. */
export async function rawHttp2(
  port: number,
  first: readonly Buffer[] = [Frame.PREFACE, settings()],
): Promise<RawFrames> {
  const socket = connect({ port, host: '127.0.0.1' })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const raw = new RawFrames(socket)
  raw.write(...first)
  return raw
}
