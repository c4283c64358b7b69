import type { Output } from '../output.ts'

/** Prints a question and gives the line that is answered; undefined: nobody is there to answer. */
export type Ask = (question: string) => Promise<string | undefined>

const TRIES = 3

/** Whether the answer is yes. Three answers that are neither yes nor no are a no; an empty one is asked again. */
export async function isConfirmed(ask: Ask, output: Output, question: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = (await ask(`${question} [y/n]: `))?.trim().toLowerCase()
    if (answer === undefined) return false
    if (answer === 'y' || answer === 'yes') return true
    if (answer === 'n' || answer === 'no') return false
    if (answer !== '') output.write('Invalid input.\n')
  }
  return false
}
