import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../runtime/clock.ts'

const SLICE_MICROS = 5000

/** Undefined: go on. Otherwise wait for it: others had no turn for too long. */
export type Breathe = () => Promise<void> | undefined

/** For long work on the thread that also receives spans: it gives way every few milliseconds. */
export function createBreather(clock: Pick<Clock, 'monotonic'>): Breathe {
  let since = clock.monotonic()
  return () => {
    if (clock.monotonic() - since < SLICE_MICROS) return undefined
    return setImmediate().then(() => {
      since = clock.monotonic()
    })
  }
}
