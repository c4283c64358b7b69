import { type EndSignal, onEndSignals } from './end-signals.ts'
import { errorFields, type Logger } from './logger.ts'

export interface Running {
  /** Lets what runs come to its end. Called once. */
  stop(): Promise<void>
}

export interface LifecycleOptions {
  readonly start: () => Promise<Running>
  readonly logger: Logger
  /** What does not end by itself is cut after this. */
  readonly graceMillis?: number
}

const DEFAULT_GRACE_MILLIS = 10_000
const EXIT_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 0 }

/**
 * Runs a server until SIGINT or SIGTERM, then stops it and exits: 0 after SIGTERM, 130 after SIGINT,
 * 1 when it could not start or stop. A second signal exits at once.
 */
export async function runUntilSignal(options: LifecycleOptions): Promise<void> {
  const { promise: signalled, resolve } = Promise.withResolvers<EndSignal>()
  onEndSignals({
    signals: ['SIGINT', 'SIGTERM'],
    asked: resolve,
    again: signal => process.exit(EXIT_CODES[signal] ?? 1),
  })
  try {
    const running = await options.start()
    const signal = await signalled
    setTimeout(() => {
      options.logger.error('stopping took too long and was cut')
      process.exit(1)
    }, options.graceMillis ?? DEFAULT_GRACE_MILLIS).unref()
    await running.stop()
    process.exit(EXIT_CODES[signal] ?? 1)
  } catch (error) {
    options.logger.error('cannot go on', errorFields(error))
    process.exit(1)
  }
}
