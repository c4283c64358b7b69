import type { Output } from '../output.ts'

/** Keeps what a command says. */
export interface CapturedOutput extends Output {
  readonly written: () => string
  readonly noted: () => string
}

export function captureOutput(): CapturedOutput {
  let written = ''
  let noted = ''
  return {
    write(text) {
      written += text
    },
    note(text) {
      noted += text
    },
    debug: () => undefined,
    written: () => written,
    noted: () => noted,
  }
}
