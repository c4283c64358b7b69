const LF = '\n'

/** Cuts text that comes in pieces into lines. */
export interface LineReader {
  /** Gives the lines that became whole, without their ends. Throws where a line grows beyond the limit. */
  push(text: string): readonly string[]
}

export function createLineReader(longest: number): LineReader {
  let rest = ''
  return {
    push(text) {
      const parts = (rest + text).split(LF)
      rest = parts.pop() ?? ''
      if (rest.length > longest) throw new Error(`line longer than ${longest} characters`)
      return parts
    },
  }
}
