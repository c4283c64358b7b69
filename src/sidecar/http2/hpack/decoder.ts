import { FIRST_DYNAMIC, Field, type FieldName, fieldName, recurringField, staticField } from './field.ts'
import type { FieldList } from './field-list.ts'
import { huffmanDecode } from './huffman.ts'

/** SETTINGS_HEADER_TABLE_SIZE, which we leave as it is from the start. */
export const TABLE_SIZE = 4096
/** No entry counts less than 32 bytes, so a table of 4 KiB never has more. */
export const MOST_ENTRIES: number = TABLE_SIZE / 32
/** Integers of RFC 7541 5.1 beyond this mean nothing here. */
const LARGEST_INTEGER = 2 ** 24

/** Reads header blocks (RFC 7541), all of one connection in their order: each changes how the next is read. */
export class HpackDecoder {
  /** A ring, the newest at `newest`. */
  private readonly entries: Field[] = []
  private newest = 0
  private count = 0
  private size = 0
  private limit = TABLE_SIZE

  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private to = 0
  private bad = false

  /** False: the block is malformed, and the connection cannot go on (COMPRESSION_ERROR). */
  decode(bytes: Buffer, from: number, to: number, into: FieldList): boolean {
    this.bytes = bytes
    this.at = from
    this.to = to
    this.bad = false
    let begun = false
    while (this.at < to && !this.bad) {
      const first = bytes[this.at] ?? 0
      if (first >= 0x80) this.readIndexed(into)
      else if (first >= 0x40) this.readIndexing(into)
      else if (first < 0x20) this.readLiteral(into, first >= 0x10)
      else if (begun) return false
      else this.resize(this.readInteger(0x1f))
      begun ||= first < 0x20 || first >= 0x40
    }
    return !this.bad
  }

  private readIndexed(into: FieldList): void {
    const field = this.find(this.readInteger(0x7f))
    if (field !== undefined) into.add(field)
  }

  private readIndexing(into: FieldList): void {
    const name = this.readName(this.readInteger(0x3f))
    const value = this.readText()
    if (this.bad) return
    const field = recurringField(name, value)
    into.add(field)
    this.insert(field)
  }

  private readLiteral(into: FieldList, secret: boolean): void {
    const name = this.readName(this.readInteger(0x0f))
    const value = this.readText()
    if (!this.bad) into.add(new Field(name, value, secret ? 'secret' : 'once'))
  }

  private readName(index: number): FieldName {
    if (index !== 0) return this.find(index)?.name ?? NO_NAME
    return fieldName(this.readText())
  }

  private find(index: number): Field | undefined {
    if (index > 0 && index < FIRST_DYNAMIC) return staticField(index)
    const age = index - FIRST_DYNAMIC
    if (age < 0 || age >= this.count) {
      this.bad = true
      return undefined
    }
    return this.entries[(this.newest - age) & (MOST_ENTRIES - 1)]
  }

  /** `mask`: the bits of the first byte that belong to it. */
  private readInteger(mask: number): number {
    let value = (this.bytes[this.at++] ?? 0) & mask
    if (value < mask) return value
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= this.to || value > LARGEST_INTEGER || scale > LARGEST_INTEGER) {
        this.bad = true
        return 0
      }
      const byte = this.bytes[this.at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  private readText(): string {
    if (this.bad || this.at >= this.to) {
      this.bad = true
      return ''
    }
    const packed = (this.bytes[this.at] ?? 0) >= 0x80
    const length = this.readInteger(0x7f)
    const from = this.at
    this.at += length
    if (this.bad || this.at > this.to) {
      this.bad = true
      return ''
    }
    if (!packed) return this.bytes.toString('latin1', from, this.at)
    const text = huffmanDecode(this.bytes, from, this.at)
    if (text === undefined) this.bad = true
    return text ?? ''
  }

  private insert(field: Field): void {
    this.size += field.size
    this.newest = (this.newest + 1) & (MOST_ENTRIES - 1)
    this.count++
    // Evicted before the new one takes its place: the ring may be full, and a field too large empties the table.
    this.evict()
    if (this.count > 0) this.entries[this.newest] = field
  }

  private resize(limit: number): void {
    if (limit > TABLE_SIZE) this.bad = true
    this.limit = limit
    this.evict()
  }

  private evict(): void {
    while (this.size > this.limit && this.count > 0) {
      this.count--
      if (this.count === 0) {
        this.size = 0
        return
      }
      this.size -= this.entries[(this.newest - this.count) & (MOST_ENTRIES - 1)]?.size ?? 0
    }
  }
}

const NO_NAME = fieldName('')
