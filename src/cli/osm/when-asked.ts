import { onLauncherGone } from '../launcher.ts'

export interface Asked {
  readonly signal: AbortSignal
  readonly promise: Promise<void>
}

/**
 * Settles when a running command is asked to end: Ctrl-C, SIGTERM, SIGHUP, or whoever started it is gone.
 * A second Ctrl-C ends at once.
 */
export function whenAsked(): Asked {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const ask = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Error('asked to end'))
    resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  onLauncherGone(process.env, () => controller.signal.aborted || ask())
  return { signal: controller.signal, promise }
}
