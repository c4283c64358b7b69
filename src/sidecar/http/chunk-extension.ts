import { CR, FIELD_VALUE, TOKEN } from './characters.ts'

const NAME_START = 0
const NAME = 1
const VALUE_START = 2
const VALUE = 3
const QUOTED = 4
const ESCAPED = 5
const QUOTED_END = 6

const QUOTE = 0x22
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const BACKSLASH = 0x5c

/** Over one message: extensions have no use that is longer. */
const MOST_BYTES = 16 * 1024

/**
 * What may stand between a chunk's size and the end of its line (RFC 9112 7.1.1): `;name`, `;name=token`,
 * `;name="quoted"`. The blanks that the grammar calls bad are not borne with: programs disagree about them.
 */
export class ChunkExtension {
  private state = NAME_START
  private bytes = 0

  /** A message begins. */
  reset(): void {
    this.bytes = 0
  }

  /** After its semicolon. */
  begin(): void {
    this.state = NAME_START
  }

  /** `end`: the byte was the CR that ends it. */
  step(byte: number): 'goes-on' | 'end' | 'bad' {
    if (++this.bytes > MOST_BYTES) return 'bad'
    if (byte === CR && this.mayEnd()) return 'end'
    const next = this.next(byte)
    if (next < 0) return 'bad'
    this.state = next
    return 'goes-on'
  }

  private mayEnd(): boolean {
    return this.state === NAME || this.state === VALUE || this.state === QUOTED_END
  }

  /** Below 0: the byte may not stand here. */
  private next(byte: number): number {
    if (this.state === QUOTED) return quotedNext(byte)
    if (this.state === ESCAPED) return FIELD_VALUE[byte] === 1 ? QUOTED : -1
    if (this.mayEnd() && byte === SEMICOLON) return NAME_START
    if (this.state === NAME && byte === EQUALS) return VALUE_START
    if (this.state === VALUE_START && byte === QUOTE) return QUOTED
    if (TOKEN[byte] !== 1 || this.state === QUOTED_END) return -1
    return this.state === NAME_START || this.state === NAME ? NAME : VALUE
  }
}

function quotedNext(byte: number): number {
  if (byte === QUOTE) return QUOTED_END
  if (byte === BACKSLASH) return ESCAPED
  return FIELD_VALUE[byte] === 1 ? QUOTED : -1
}
