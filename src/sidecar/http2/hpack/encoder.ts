import { MOST_ENTRIES, TABLE_SIZE } from './decoder.ts'
import { FIRST_DYNAMIC, type Field, type FieldName } from './field.ts'
import type { FieldList } from './field-list.ts'
import { huffmanEncode, huffmanLength } from './huffman.ts'

/** One such field would push most others out. */
const LARGEST_ENTRY = TABLE_SIZE / 4
/** Up to here a loop is cheaper than a call into the runtime. */
const SHORT = 40

/**
 * Writes header blocks (RFC 7541), all of one connection in their order. What its sender put into a table is put
 * into ours: who made the message knows best what will come again.
 */
export class HpackEncoder {
  /** Where the next byte goes; there must be room for the `size` of each field. */
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  /** Entries in the order of their coming, a ring by number. */
  private readonly entries: Field[] = []
  private readonly numbers = new Map<Field, number>()
  private inserted = 0
  private count = 0
  private size = 0
  private limit = TABLE_SIZE
  /** The smallest limit since the last block; it must be said, too. */
  private lowest = TABLE_SIZE
  private announced = TABLE_SIZE

  /** The other side's SETTINGS_HEADER_TABLE_SIZE; we never use more than the usual one. */
  setLimit(limit: number): void {
    this.limit = Math.min(limit, TABLE_SIZE)
    this.lowest = Math.min(this.lowest, this.limit)
    this.evict(this.limit)
  }

  /** Begins a block at `at`. */
  begin(bytes: Buffer, at: number): void {
    this.bytes = bytes
    this.at = at
    if (this.lowest < this.announced && this.lowest < this.limit) this.writeInteger(0x20, 0x1f, this.lowest)
    if (this.lowest < this.announced || this.limit !== this.announced) {
      this.writeInteger(0x20, 0x1f, this.limit)
    }
    this.announced = this.limit
    this.lowest = this.limit
  }

  writeAll({ fields, count }: FieldList): void {
    for (let at = 0; at < count; at++) {
      const field = fields[at]
      if (field !== undefined) this.write(field)
    }
  }

  write(field: Field): void {
    if (field.staticIndex > 0) {
      this.bytes[this.at++] = 0x80 | field.staticIndex
      return
    }
    const { name } = field
    if (!field.recurs || name.varies || field.size > LARGEST_ENTRY) {
      this.writeOnce(name, field.value, field.secret)
      return
    }
    const number = this.numbers.get(field)
    if (number === undefined) this.writeNew(field)
    else this.writeInteger(0x80, 0x7f, FIRST_DYNAMIC + this.inserted - number - 1)
  }

  /** A field that nobody shall keep in a table (`secret`), or that nobody need keep. */
  writeOnce(name: FieldName, value: string, secret: boolean): void {
    this.writeInteger(secret ? 0x10 : 0, 0x0f, name.staticIndex)
    if (name.staticIndex === 0) this.writePlain(name.text)
    this.writePlain(value)
  }

  private writeNew(field: Field): void {
    const { name, value } = field
    this.writeInteger(0x40, 0x3f, name.staticIndex)
    if (name.staticIndex === 0) this.writePacked(name.text)
    this.writePacked(value)
    if (field.size > this.limit) {
      this.evict(0)
      return
    }
    this.evict(this.limit - field.size)
    this.entries[this.inserted & (MOST_ENTRIES - 1)] = field
    this.numbers.set(field, this.inserted)
    this.inserted++
    this.count++
    this.size += field.size
  }

  private evict(most: number): void {
    while (this.size > most && this.count > 0) {
      const oldest = this.entries[(this.inserted - this.count) & (MOST_ENTRIES - 1)]
      this.count--
      if (oldest === undefined) continue
      this.size -= oldest.size
      this.numbers.delete(oldest)
    }
  }

  private writePlain(text: string): void {
    this.writeInteger(0, 0x7f, text.length)
    if (text.length > SHORT) {
      this.at += this.bytes.write(text, this.at, 'latin1')
      return
    }
    const { bytes } = this
    let to = this.at
    for (let at = 0; at < text.length; at++) bytes[to++] = text.charCodeAt(at)
    this.at = to
  }

  /** Packing takes time: it is for what is sent once and then referred to. */
  private writePacked(text: string): void {
    const length = huffmanLength(text)
    if (length >= text.length) {
      this.writePlain(text)
      return
    }
    this.writeInteger(0x80, 0x7f, length)
    this.at = huffmanEncode(text, this.bytes, this.at)
  }

  private writeInteger(flags: number, mask: number, value: number): void {
    const { bytes } = this
    if (value < mask) {
      bytes[this.at++] = flags | value
      return
    }
    bytes[this.at++] = flags | mask
    let rest = value - mask
    while (rest >= 0x80) {
      bytes[this.at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.at++] = rest
  }
}
