import { createInterface } from 'node:readline'
import type { Ask } from '../../app/osm/uninstall/confirmation.ts'

export interface Questions {
  readonly ask: Ask
  close(): void
}

/** Questions on stdout, answers from stdin, line by line; from a pipe as well as from a terminal. */
export function openQuestions(): Questions {
  const lines = createInterface({ input: process.stdin })
  const answers = lines[Symbol.asyncIterator]()
  return {
    async ask(question) {
      process.stdout.write(question)
      const { done, value } = await answers.next()
      return done === true ? undefined : value
    },
    close: () => lines.close(),
  }
}
