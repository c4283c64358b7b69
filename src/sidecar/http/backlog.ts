import { CR, LF } from './characters.ts'

const FIRST_CAPACITY = 1024
const HEAD_END = Buffer.from('\r\n\r\n')

/** What `findHeadEnd` says: where the empty line begins, or one of these. */
export const INCOMPLETE = -1
export const BARE_LINE_FEED = -2

/** The place of the empty line that ends a head beginning at or before `from`. */
export function findHeadEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(HEAD_END, from)
  return end >= 0 ? end : unfinished(bytes, from)
}

/** A sender that ends lines with LF alone would otherwise be waited for until the timeout. */
function unfinished(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at > 0 && bytes[at - 1] !== CR) return BARE_LINE_FEED
  }
  return INCOMPLETE
}

/** Empty lines before a request are to be borne with (RFC 9112 2.2). */
export function emptyLinesEnd(bytes: Buffer): number {
  let at = 0
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2
  return at
}

/** Bytes that came before they could be used: a head in pieces, or requests that wait for the one before. */
export class Backlog {
  private bytes: Buffer | undefined
  private searched = 0
  length = 0

  append(more: Buffer): void {
    const needed = this.length + more.length
    if (this.bytes === undefined || needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(FIRST_CAPACITY, needed * 2))
      this.bytes?.copy(grown, 0, 0, this.length)
      this.bytes = grown
    }
    more.copy(this.bytes, this.length)
    this.length = needed
  }

  /** As `findHeadEnd`; looks at every byte once, however small the pieces. */
  findHeadEnd(): number {
    const end = findHeadEnd(this.view(), this.searched)
    this.searched = Math.max(0, this.length - HEAD_END.length + 1)
    return end
  }

  /** For a request that is about to begin. */
  dropEmptyLines(): void {
    const end = emptyLinesEnd(this.view())
    if (end === 0) return
    this.bytes?.copyWithin(0, end, this.length)
    this.length -= end
    this.searched = 0
  }

  /** Everything, which is the caller's from now on. */
  take(): Buffer {
    const all = this.view()
    this.bytes = undefined
    this.length = 0
    this.searched = 0
    return all
  }

  view(): Buffer {
    return this.bytes === undefined ? Buffer.alloc(0) : this.bytes.subarray(0, this.length)
  }
}
