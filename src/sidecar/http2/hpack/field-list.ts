import type { Field } from './field.ts'

/** As in HTTP/1 heads. */
export const MOST_FIELDS = 200
/** SETTINGS_MAX_HEADER_LIST_SIZE, counted as RFC 9113 6.5.2 says. */
export const LARGEST_LIST: number = 64 * 1024
/** What a list that is used again may keep alive. */
const LARGEST_KEPT = 4 * 1024

/** The fields of one header block, filled again for the next. */
export class FieldList {
  readonly fields: Field[] = []
  count = 0
  size = 0
  /** Its sender exceeded a limit; what was beyond is not here. */
  overflow: '' | 'size' | 'count' = ''

  add(field: Field): void {
    this.size += field.size
    if (this.size > LARGEST_LIST) this.overflow ||= 'size'
    else if (this.count >= MOST_FIELDS) this.overflow ||= 'count'
    else this.fields[this.count++] = field
  }

  clear(): void {
    if (this.size > LARGEST_KEPT) this.fields.length = 0
    this.count = 0
    this.size = 0
    this.overflow = ''
  }

  copy(): FieldList {
    const list = new FieldList()
    for (let at = 0; at < this.count; at++) {
      const field = this.fields[at]
      if (field !== undefined) list.add(field)
    }
    return list
  }
}
