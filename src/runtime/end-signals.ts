export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

export interface EndSignalsOptions {
  readonly signals: readonly EndSignal[]
  /** Once, with the first signal. */
  readonly asked: (signal: EndSignal) => void
  /** Somebody does not want to wait for the end. */
  readonly again: (signal: EndSignal) => void
  /** Default: this process. */
  readonly source?: { on(signal: EndSignal, listener: () => void): unknown }
  readonly monotonicMillis?: () => number
}

/**
 * One Ctrl-C arrives twice where the terminal tells the whole process group and whoever started us passes it on as
 * well: the launcher, npm, timeout(1). What follows so soon says nothing new.
 */
const SAME_MILLIS = 500

/** Tells a wish to end from an urgent one. */
export function onEndSignals(options: EndSignalsOptions): void {
  const { signals, asked, again, source = process, monotonicMillis = () => performance.now() } = options
  let first: number | undefined

  function take(signal: EndSignal): void {
    const now = monotonicMillis()
    if (first === undefined) {
      first = now
      asked(signal)
    } else if (now - first >= SAME_MILLIS) {
      again(signal)
    }
  }

  for (const signal of signals) source.on(signal, () => take(signal))
}
