/** The middle one of several rounds, and how far they lie apart. */
export interface Middle {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function middleOf(numbers: readonly number[]): Middle {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = sorted.length / 2
  const median = ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN }
}
