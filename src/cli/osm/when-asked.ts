import { onEndSignals } from '../../runtime/end-signals.ts'
import { onLauncherGone } from '../launcher.ts'

export interface Asked {
  readonly signal: AbortSignal
  readonly promise: Promise<void>
}

export interface AskedOptions {
  /** Nobody started it who could be gone, and nobody need read what it says: it prints into a log. */
  readonly alone?: boolean
}

/**
 * Settles when a running command is asked to end: Ctrl-C, SIGTERM, SIGHUP, or whoever started it is gone, or nobody
 * reads any more what it says. A second Ctrl-C ends at once.
 */
export function whenAsked({ alone = false }: AskedOptions = {}): Asked {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const ask = () => {
    controller.abort(new Error('asked to end'))
    resolve()
  }
  onEndSignals({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'], asked: ask, again: () => process.exit(130) })
  if (!alone) onLauncherGone(process.env, ask)
  // Without a listener the next line would end us, and leave behind what an orderly end removes.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', alone ? () => undefined : ask)
  return { signal: controller.signal, promise }
}
