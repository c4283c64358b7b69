/** The books that the warehouse has given out, all in all. */
export interface Stock {
  /** Adds `books` and returns the total; rejects when it cannot be kept. */
  add(books: number): Promise<number>
  close(): Promise<void>
}

/** Kept as long as the process lives. */
export const openMemoryStock = (): Stock => {
  let total = 0
  return {
    add: async books => {
      total += books
      return total
    },
    close: async () => undefined,
  }
}
