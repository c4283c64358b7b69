import { MOST_ENTRIES, TABLE_SIZE } from './decoder.ts'
import { FIRST_DYNAMIC, Field, type FieldName } from './field.ts'
import type { FieldList } from './field-list.ts'
import { huffmanEncode, huffmanLength } from './huffman.ts'

/** One such field would push most others out. */
const LARGEST_ENTRY = TABLE_SIZE / 4
/** Of a value that enters the table only because of its name. */
const LONGEST_NAMING = 100
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
  /** By name, the entry with it that came last. */
  private readonly named = new Map<FieldName, number>()
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
      if (name.varies && !field.secret) this.writeVarying(name, field.value)
      else this.writeOnce(name, field.value, field.secret)
      return
    }
    const number = this.numbers.get(field)
    if (number === undefined) this.writeNew(field)
    else this.writeInteger(0x80, 0x7f, this.indexOf(number))
  }

  /** A field whose value will not come again; its name will, and the first one puts that into the table. */
  writeVarying(name: FieldName, value: string): void {
    const fits = this.limit === TABLE_SIZE && value.length <= LONGEST_NAMING
    if (fits && name.staticIndex === 0 && !this.named.has(name)) this.writeNew(new Field(name, value))
    else this.writeOnce(name, value, false)
  }

  /** A field that nobody shall keep in a table (`secret`), or that nobody need keep. */
  writeOnce(name: FieldName, value: string, secret: boolean): void {
    const index = this.nameIndex(name)
    this.writeInteger(secret ? 0x10 : 0, 0x0f, index)
    if (index === 0) this.writePlain(name.text)
    this.writePlain(value)
  }

  /** 0: the name is in no table. */
  private nameIndex(name: FieldName): number {
    if (name.staticIndex > 0) return name.staticIndex
    const number = this.named.get(name)
    return number === undefined ? 0 : this.indexOf(number)
  }

  private indexOf(number: number): number {
    return FIRST_DYNAMIC + this.inserted - number - 1
  }

  private writeNew(field: Field): void {
    const { name, value } = field
    const index = this.nameIndex(name)
    this.writeInteger(0x40, 0x3f, index)
    if (index === 0) this.writePacked(name.text)
    this.writePacked(value)
    if (field.size > this.limit) {
      this.evict(0)
      return
    }
    this.evict(this.limit - field.size)
    this.entries[this.inserted & (MOST_ENTRIES - 1)] = field
    this.numbers.set(field, this.inserted)
    this.named.set(name, this.inserted)
    this.inserted++
    this.count++
    this.size += field.size
  }

  private evict(most: number): void {
    while (this.size > most && this.count > 0) {
      const number = this.inserted - this.count
      const oldest = this.entries[number & (MOST_ENTRIES - 1)]
      this.count--
      if (oldest === undefined) continue
      this.size -= oldest.size
      this.numbers.delete(oldest)
      if (this.named.get(oldest.name) === number) this.named.delete(oldest.name)
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
