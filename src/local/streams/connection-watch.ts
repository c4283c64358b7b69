export interface ConnectionWatchOptions {
  readonly idleMillis: number
  readonly pingMillis: number
  readonly ping: () => void
  readonly cut: () => void
}

/** The timers of one connection: it is pinged again and again, and cut when nothing else went over it for long. */
export interface ConnectionWatch {
  /** Something went over it. */
  used(): void
  stop(): void
}

export function watchConnection(options: ConnectionWatchOptions): ConnectionWatch {
  const idle = setTimeout(options.cut, options.idleMillis)
  const pings = setInterval(options.ping, options.pingMillis)
  let stopped = false
  return {
    used() {
      // A timer that was cleared would start again.
      if (!stopped) idle.refresh()
    },
    stop() {
      stopped = true
      clearTimeout(idle)
      clearInterval(pings)
    },
  }
}
