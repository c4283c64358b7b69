/** The end of what a program printed, for saying why it ended. */
export interface OutputTail {
  push(piece: Buffer): void
  text(): string
}

const KEPT_BYTES = 4096

export function createOutputTail(): OutputTail {
  let kept: Buffer = Buffer.alloc(0)
  return {
    push(piece) {
      const all = Buffer.concat([kept, piece.subarray(-KEPT_BYTES)])
      kept = all.subarray(Math.max(0, all.length - KEPT_BYTES))
    },
    text: () => kept.toString('utf8'),
  }
}
