import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { SPDY_DICTIONARY, SPDY_DICTIONARY_ID } from './spdy-dictionary.ts'
import { badHeaders } from './spdy-headers.ts'

/** How far back a reference of deflate can reach (RFC 1951). */
const WINDOW_BYTES = 32_768
/** What a block may become: the zlib of a client could make a gigabyte of the largest frame. */
export const MOST_HEADER_BYTES = 65_536

const EMPTY = Buffer.alloc(0)
/** RFC 1950: deflate with a window of 32 KiB, default effort, a dictionary that is named by the next four bytes. */
const ZLIB_HEADER = Buffer.from([0x78, 0xbb, ...uint32Bytes(SPDY_DICTIONARY_ID)])

/**
 * All blocks that go one way are one zlib stream, cut by a sync flush after each. Cut so, a block begins on a whole byte
 * and needs nothing of those before it but their last 32 KiB of plain text: with these as the dictionary each can be
 * done by itself, synchronously, and with a bound on what comes out.
 */
export class HeaderDeflater {
  #window: Buffer = SPDY_DICTIONARY
  #begun = false

  deflate(plain: Buffer): Buffer {
    const block = deflateRawSync(plain, {
      dictionary: this.#window,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    this.#window = slide(this.#window, plain)
    if (this.#begun) return block
    this.#begun = true
    return Buffer.concat([ZLIB_HEADER, block])
  }
}

/** Throws KISEKI_BAD_REQUEST for what is not zlib, names another dictionary or becomes too large. */
export class HeaderInflater {
  #window: Buffer = EMPTY
  #begun = false

  inflate(block: Buffer): Buffer {
    const body = this.#begun ? block : this.#begin(block)
    const plain = inflate(body, this.#window)
    this.#window = slide(this.#window, plain)
    return plain
  }

  #begin(block: Buffer): Buffer {
    if (block.length < 2) throw badHeaders('is too short for zlib')
    const [method = 0, flags = 0] = block
    if ((method & 0x0f) !== 8 || block.readUInt16BE(0) % 31 !== 0) throw badHeaders('is not zlib')
    this.#begun = true
    const hasDictionary = (flags & 0x20) !== 0
    if (!hasDictionary) return block.subarray(2)
    if (block.length < 6 || block.readUInt32BE(2) !== SPDY_DICTIONARY_ID)
      throw badHeaders('names a dictionary other than that of SPDY/3')
    this.#window = SPDY_DICTIONARY
    return block.subarray(6)
  }
}

function inflate(body: Buffer, dictionary: Buffer): Buffer {
  try {
    return inflateRawSync(body, {
      ...(dictionary.length === 0 ? {} : { dictionary }),
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MOST_HEADER_BYTES,
    })
  } catch (error) {
    throw badHeaders('cannot be inflated', error)
  }
}

function slide(window: Buffer, plain: Buffer): Buffer {
  return Buffer.concat([window, plain]).subarray(-WINDOW_BYTES)
}

function uint32Bytes(value: number): readonly number[] {
  return [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff)
}
