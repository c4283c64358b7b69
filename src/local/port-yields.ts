/** Who holds a port for others gives it back when a program needs it on all addresses. */
export interface PortYields {
  /** Asks all who hold the port to let go of it. Resolves when they have; true if somebody did. */
  ask(port: number): Promise<boolean>
  /** Returns what ends it. */
  onAsk(give: (port: number) => Promise<boolean>): () => void
}

export function createPortYields(): PortYields {
  const holders = new Set<(port: number) => Promise<boolean>>()
  return {
    async ask(port) {
      const given = await Promise.all([...holders].map(give => give(port)))
      return given.includes(true)
    },
    onAsk(give) {
      holders.add(give)
      return () => void holders.delete(give)
    },
  }
}
