import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** One output of a process on its way to the client. */
export interface OutputFlow {
  /** All was handed on, or the client no longer takes it. Never rejects. */
  readonly done: Promise<void>
  /** The process has ended: whatever still holds its output open may be quiet for so long at most. */
  endWhenQuiet(millis: number): void
}

/** Without `into` the output is read and dropped, so that the process does not wait for a reader. */
export function startOutput(from: Readable, into: Writable | undefined): OutputFlow {
  // What breaks an output shows in the exit of its process.
  from.on('error', () => from.destroy())
  if (into === undefined) {
    from.resume()
    return { done: Promise.resolve(), endWhenQuiet: millis => destroyWhenQuiet(from, millis) }
  }
  from.pipe(into)
  from.on('close', () => into.end())
  into.on('close', () => from.resume())
  return {
    // Only that end matters here: streams of clients are open both ways.
    done: finished(into, { readable: false }).catch(() => {}),
    endWhenQuiet: millis => destroyWhenQuiet(from, millis, into),
  }
}

function destroyWhenQuiet(from: Readable, millis: number, into?: Writable): void {
  if (from.closed || from.readableEnded) return
  const timer = setTimeout(() => {
    // The client is what is slow, not the process.
    if (into?.writableNeedDrain === true) timer.refresh()
    else from.destroy()
  }, millis)
  from.on('data', () => timer.refresh())
  for (const end of ['end', 'close']) from.once(end, () => clearTimeout(timer))
}
