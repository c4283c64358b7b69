/** Books that changed hands, by the version of the bookstore that gave them. */
export interface Tally {
  readonly total: number
  readonly v1: number
  readonly v2: number
}

export const NO_BOOKS: Tally = { total: 0, v1: 0, v2: 0 }

/** A store that says neither version (`Identity: bookstore-v1`, `bookstore-v2.some-context`) does not count. */
export const versionOf = (identity: string): 'v1' | 'v2' | undefined => {
  if (identity.startsWith('bookstore-v1')) return 'v1'
  return identity.startsWith('bookstore-v2') ? 'v2' : undefined
}

export const withBook = (tally: Tally, version: 'v1' | 'v2'): Tally => ({
  ...tally,
  total: tally.total + 1,
  [version]: tally[version] + 1,
})
