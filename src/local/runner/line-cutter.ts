export interface CutLine {
  readonly text: Buffer
  /** Whether the line ends here; a very long one comes in parts. */
  readonly whole: boolean
}

/** Cuts pieces into lines, as they come. */
export interface LineCutter {
  push(piece: Buffer): readonly CutLine[]
  /** What has no line end and gets none. */
  end(): readonly CutLine[]
}

/** As container runtimes do. */
const LONGEST_PART = 16_384
const LINE_FEED = 0x0a

export function createLineCutter(): LineCutter {
  let rest: Buffer = Buffer.alloc(0)

  return {
    push(piece) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      const lines: CutLine[] = []
      for (;;) {
        const end = rest.indexOf(LINE_FEED)
        if (end !== -1 && end <= LONGEST_PART) {
          lines.push({ text: rest.subarray(0, end), whole: true })
          rest = rest.subarray(end + 1)
        } else if (rest.length > LONGEST_PART) {
          lines.push({ text: rest.subarray(0, LONGEST_PART), whole: false })
          rest = rest.subarray(LONGEST_PART)
        } else {
          return lines
        }
      }
    },
    end() {
      if (rest.length === 0) return []
      const last = { text: rest, whole: true }
      rest = Buffer.alloc(0)
      return [last]
    },
  }
}
