import { failedWith } from '../../kube/kube-errors.ts'
import { errorFields, type Logger } from '../../runtime/logger.ts'

export interface ReconcilerOptions {
  /** For the log. */
  readonly name: string
  /** Brings the world nearer to what one object wants. Called again after it failed. */
  readonly reconcile: (key: string) => Promise<void>
  readonly logger: Logger
  readonly retry?: { readonly firstMillis: number; readonly mostMillis: number }
}

/** Keys that wait to be looked at, each once however often it was asked for: the queue is bounded by the objects. */
export interface Reconciler {
  add(key: string): void
  /** Looks at it after a time, unless it is asked for once more: the later asking counts. */
  addLater(key: string, millis: number): void
  /** Nothing new begins; resolves when what runs has ended. */
  close(): Promise<void>
}

/** What timers take. */
const MOST_MILLIS = 2 ** 31 - 1
const DEFAULT_RETRY = { firstMillis: 100, mostMillis: 30_000 }

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { firstMillis, mostMillis } = options.retry ?? DEFAULT_RETRY
  const waiting = new Set<string>()
  const failures = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let running: Promise<void> | undefined
  let closed = false

  function add(key: string): void {
    if (closed) return
    waiting.add(key)
    running ??= run()
  }

  async function run(): Promise<void> {
    // What comes in the same turn belongs to one burst.
    await new Promise(resolve => setImmediate(resolve))
    for (const key of waiting) {
      if (closed) break
      waiting.delete(key)
      await reconcileOnce(key)
    }
    running = undefined
  }

  async function reconcileOnce(key: string): Promise<void> {
    try {
      await options.reconcile(key)
      failures.delete(key)
    } catch (error) {
      if (failedWith(error, 'KISEKI_CONFLICT')) return void waiting.add(key)
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      options.logger.warn(`${options.name} could not bring ${key} about`, errorFields(error))
      retryLater(key, Math.min(firstMillis * 2 ** (count - 1), mostMillis))
    }
  }

  function retryLater(key: string, millis: number): void {
    clearTimeout(timers.get(key))
    const retry = () => {
      timers.delete(key)
      add(key)
    }
    timers.set(key, setTimeout(retry, millis))
  }

  return {
    add,
    addLater(key, millis) {
      if (!closed) retryLater(key, Math.min(millis, MOST_MILLIS))
    },
    async close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      await running
    },
  }
}
