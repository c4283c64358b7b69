import { randomInt } from 'node:crypto'

const CONSONANTS = 'bdfgklmnprstvz'
const VOWELS = 'aeiou'

/** A word that nobody has used before: `tolaki`. */
export function word(syllables = 3): string {
  const pick = (letters: string) => letters[randomInt(letters.length)]
  return Array.from({ length: syllables }, () => `${pick(CONSONANTS)}${pick(VOWELS)}`).join('')
}

/** Other ones each. */
export function words(count: number): readonly string[] {
  const made = new Set<string>()
  while (made.size < count) made.add(word())
  return [...made]
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
