/** Ends a piece of work that takes too long, and knows that it did. */
export interface Deadline {
  readonly signal: AbortSignal
  readonly millis: number | undefined
  readonly expired: boolean
  clear(): void
}

/** Without `millis` it never comes. */
export function startDeadline(millis: number | undefined): Deadline {
  const controller = new AbortController()
  const timer = millis === undefined ? undefined : setTimeout(() => controller.abort(), millis)
  return {
    signal: controller.signal,
    millis,
    get expired() {
      return controller.signal.aborted
    },
    clear: () => clearTimeout(timer),
  }
}
