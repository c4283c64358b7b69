/** SETTINGS_MAX_HEADER_LIST_SIZE twice: what is just beyond that is read, and answered with 431. */
const LARGEST_BLOCK = 128 * 1024
/** Many small pieces cost more than they bring (CVE-2024-27316). */
const MOST_PIECES = 64

/** A header block that comes in more than one frame (RFC 9113 6.10). */
export class HeaderBlock {
  /** 0: none has begun. */
  id = 0
  end = false
  private pieces: Buffer[] = []
  private length = 0

  begin(id: number, end: boolean, piece: Buffer): void {
    this.id = id
    this.end = end
    this.pieces = [Buffer.from(piece)]
    this.length = piece.length
  }

  /** False: it is too much. */
  append(piece: Buffer): boolean {
    this.length += piece.length
    if (this.length > LARGEST_BLOCK || this.pieces.length >= MOST_PIECES) return false
    this.pieces.push(Buffer.from(piece))
    return true
  }

  take(): Buffer {
    const whole = Buffer.concat(this.pieces, this.length)
    this.id = 0
    this.pieces = []
    return whole
  }
}
