/** How long to wait before a container is started again. */
export interface BackoffOptions {
  /** Before the second restart; the first is at once. */
  readonly baseMillis: number
  readonly mostMillis: number
}

/** Kubernetes'. */
export const DEFAULT_BACKOFF: BackoffOptions = { baseMillis: 10_000, mostMillis: 300_000 }

export interface Backoff {
  /** `ranMillis`: how long the container ran. */
  next(ranMillis: number): number
}

/** 0, the base, then doubling; from the beginning after a container ran for twice the longest wait. */
export function createBackoff({ baseMillis, mostMillis }: BackoffOptions): Backoff {
  let failures = 0
  return {
    next(ranMillis) {
      if (ranMillis > 2 * mostMillis) failures = 0
      const wait = failures === 0 ? 0 : Math.min(baseMillis * 2 ** (failures - 1), mostMillis)
      failures++
      return wait
    },
  }
}
