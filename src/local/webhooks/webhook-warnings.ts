export interface Warnings {
  add(warnings: readonly string[]): void
  /** Each once, in order. */
  list(): readonly string[]
}

/** The kube-apiserver sends as many characters of warnings at most, lest headers grow too large. */
const MOST_CHARACTERS = 4096
const LONGEST_WARNING = 256

/** What does not fit any more is cut, then left out. */
export function createWarnings(): Warnings {
  const kept = new Set<string>()
  let length = 0

  return {
    add(warnings) {
      for (const warning of warnings) {
        const text = length + warning.length > MOST_CHARACTERS ? warning.slice(0, LONGEST_WARNING) : warning
        if (text === '' || kept.has(text) || length + text.length > MOST_CHARACTERS) continue
        length += text.length
        kept.add(text)
      }
    },
    list: () => [...kept],
  }
}
