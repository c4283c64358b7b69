export interface ConfigStreamOptions {
  readonly blockedMillis: number
  /** Aborts when the reader has gone. */
  readonly gone: AbortSignal
  /** The reader was cut because it took nothing. */
  readonly blocked: () => void
}

/** Lines on their way to one sidecar. There is one place to wait in, and the newest takes it. */
export interface ConfigStream {
  /** To be read once. Ends when the stream is ended or the reader has gone. */
  readonly lines: AsyncIterable<string>
  /** Aborts when the reader is to be cut. */
  readonly cut: AbortSignal
  offer(text: string): void
  /** An empty line, unless something waits already. */
  beat(): void
  /** Nothing is sent any more, also not what waits. */
  end(): void
}

export function createConfigStream(options: ConfigStreamOptions): ConfigStream {
  const cut = new AbortController()
  let waiting: string | undefined
  let ended = options.gone.aborted
  let wake: () => void = () => undefined

  function end(): void {
    ended = true
    wake()
  }

  async function nextLine(): Promise<string | undefined> {
    while (waiting === undefined && !ended) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
    const line = waiting
    waiting = undefined
    return ended ? undefined : line
  }

  function cutBlocked(): void {
    options.blocked()
    cut.abort()
  }

  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const line = await nextLine()
      if (line === undefined) return
      // From here until the next line is asked for, the transport has not taken this one.
      const deadline = setTimeout(cutBlocked, options.blockedMillis)
      try {
        yield `${line}\n`
      } finally {
        clearTimeout(deadline)
      }
    }
  }

  options.gone.addEventListener('abort', end, { once: true })
  return {
    lines: lines(),
    cut: cut.signal,
    offer(text) {
      waiting = text
      wake()
    },
    beat() {
      waiting ??= ''
      wake()
    },
    end,
  }
}
