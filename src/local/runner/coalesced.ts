/** Work that runs again when it was asked for while it ran, however often: once. */
export interface Coalesced {
  ask(): void
  /** Resolves when nothing is asked for any more. */
  idle(): Promise<void>
}

/** The work must not reject. */
export function coalesced(work: () => Promise<void>): Coalesced {
  let asked = false
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    // What is asked for in the same turn belongs together.
    await Promise.resolve()
    while (asked) {
      asked = false
      await work()
    }
    running = undefined
  }

  return {
    ask() {
      asked = true
      running ??= run()
    },
    async idle() {
      await running
    },
  }
}
