import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { messageOf } from '../model/errors.ts'
import type { BodyOutcome } from './http-exchange.ts'
import { Turns } from './turns.ts'

const decoders: Readonly<Record<string, typeof gunzip>> = { gzip: gunzip, 'x-gzip': gunzip, deflate: inflate }

/** As many as there are threads for it. More at a time are not faster, but each may hold a whole body. */
const decompressing = new Turns(4)

type AskForRoom = (moreBytes: number) => boolean

/** Reads and decompresses a body; never holds more than `limit` bytes of either form. */
export async function readBody(
  message: IncomingMessage,
  limit: number,
  room: AskForRoom = () => true,
): Promise<BodyOutcome> {
  const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase()
  const decoder = decoders[encoding]
  if (decoder === undefined && encoding !== '' && encoding !== 'identity') {
    return { status: 'unsupported-encoding', encoding }
  }
  const raw = await collect(message, limit, room)
  if (raw.status !== 'read' || decoder === undefined) return raw
  return decompressing.take(() => decompress(decoder, raw.bytes, limit))
}

async function collect(message: IncomingMessage, limit: number, room: AskForRoom): Promise<BodyOutcome> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return { status: 'too-large', limit }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    // Left in the middle, the message stays: its connection still has to carry the answer.
    for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) return { status: 'too-large', limit }
      if (!room(chunk.length)) return { status: 'no-room' }
      chunks.push(chunk)
    }
  } catch {
    return { status: 'aborted' }
  }
  return {
    status: 'read',
    bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length),
  }
}

async function decompress(decoder: typeof gunzip, bytes: Uint8Array, limit: number): Promise<BodyOutcome> {
  try {
    const decoded = await promisify<Uint8Array, { maxOutputLength: number }, Buffer>(decoder)(bytes, {
      maxOutputLength: limit,
    })
    return { status: 'read', bytes: decoded }
  } catch (error) {
    if (error instanceof RangeError) return { status: 'too-large', limit }
    return { status: 'undecodable', message: messageOf(error) }
  }
}
