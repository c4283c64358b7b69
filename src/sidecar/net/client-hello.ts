/**
 * Reads the name of the server from the first bytes of a TLS client (RFC 8446 4.1.2, RFC 6066 3), as they pass by:
 * they are looked at, never held back. Whatever does not look as it should has no name.
 */
export class ClientHelloReader {
  /** As it came; empty: none was found. */
  serverName = ''
  isTls = false
  private done = false
  private begun: Buffer | undefined
  private pieces = 0

  take(bytes: Buffer): void {
    if (this.done || bytes.length === 0) return
    if (this.begun === undefined && bytes[0] !== HANDSHAKE) {
      this.done = true
      return
    }
    const all = this.begun === undefined ? bytes : Buffer.concat([this.begun, bytes])
    const hello = helloOf(all)
    if (hello === 'incomplete' && all.length < LARGEST_HELLO && ++this.pieces < MOST_PIECES) {
      // What came is lent.
      this.begun = this.begun === undefined ? Buffer.from(bytes) : all
      return
    }
    this.done = true
    this.begun = undefined
    if (typeof hello === 'string') return
    this.isTls = true
    this.serverName = serverNameOf(hello)
  }
}

const EMPTY = Buffer.alloc(0)
const HANDSHAKE = 0x16
const MAJOR_VERSION = 3
const CLIENT_HELLO = 1
const RECORD_HEAD = 5
const MESSAGE_HEAD = 4
const VERSION_AND_RANDOM = 34
const SERVER_NAME = 0
const HOST_NAME = 0
/** One record, which is more than any client says. */
const LARGEST_HELLO = 16 * 1024
/** Who sends byte by byte is not listened to for ever. */
const MOST_PIECES = 64
const MOST_RECORDS = 8
/** RFC 1035: no host name is longer. */
const LONGEST_NAME = 255
const NAME = /^[\w.-]+$/

/** The body of the message, put together from its records. */
function helloOf(bytes: Buffer): Buffer | 'incomplete' | 'other' {
  let message: Buffer = EMPTY
  let at = 0
  for (let records = 0; records < MOST_RECORDS; records++) {
    const end = recordEnd(bytes, at)
    if (typeof end === 'string') return end
    const part = bytes.subarray(at + RECORD_HEAD, end)
    message = records === 0 ? part : Buffer.concat([message, part])
    if (message.length > 0 && message[0] !== CLIENT_HELLO) return 'other'
    const whole = message.length < MESSAGE_HEAD ? Number.MAX_VALUE : MESSAGE_HEAD + message.readUIntBE(1, 3)
    if (message.length >= whole) return message.subarray(MESSAGE_HEAD, whole)
    if (bytes.length < end) return 'incomplete'
    at = end
  }
  return 'other'
}

/** Where the record that begins at `at` ends, which may be beyond what came. */
function recordEnd(bytes: Buffer, at: number): number | 'incomplete' | 'other' {
  const [type = HANDSHAKE, major = MAJOR_VERSION] = bytes.subarray(at)
  if (type !== HANDSHAKE || major !== MAJOR_VERSION) return 'other'
  if (bytes.length < at + RECORD_HEAD) return 'incomplete'
  const length = bytes.readUInt16BE(at + 3)
  return length === 0 ? 'other' : at + RECORD_HEAD + length
}

function serverNameOf(hello: Buffer): string {
  const cursor = new Cursor(hello)
  cursor.skip(VERSION_AND_RANDOM)
  cursor.skip(cursor.number(1))
  cursor.skip(cursor.number(2))
  cursor.skip(cursor.number(1))
  const end = Math.min(hello.length, cursor.number(2) + cursor.at)
  while (cursor.at + 4 <= end) {
    const type = cursor.number(2)
    const length = cursor.number(2)
    if (type === SERVER_NAME) return hostNameOf(cursor)
    cursor.skip(length)
  }
  return ''
}

/** The list may hold names of other types; nobody ever defined one. */
function hostNameOf(cursor: Cursor): string {
  cursor.skip(2)
  if (cursor.number(1) !== HOST_NAME) return ''
  const name = cursor.text(cursor.number(2))
  return name.length <= LONGEST_NAME && NAME.test(name) ? name : ''
}

/** Beyond the end there are zeros. */
class Cursor {
  at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  skip(length: number): void {
    this.at += length
  }

  number(length: 1 | 2): number {
    let value = 0
    for (let count = 0; count < length; count++) value = value * 256 + (this.bytes[this.at++] ?? 0)
    return value
  }

  text(length: number): string {
    return this.bytes.toString('latin1', this.at, this.at + length)
  }
}
