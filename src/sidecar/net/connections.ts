/** What one accepted connection has become: an HTTP/1 connection, a relay, or one that is not yet known. */
export interface Held {
  /** Whether an exchange runs that deserves to come to its end. */
  readonly busy: boolean
  /** Ends it as soon as nothing runs on it. */
  drain(): void
  /** Ends it now. */
  cut(): void
}

/** All accepted connections, bounded. */
export interface Connections {
  readonly size: number
  readonly draining: boolean
  /** False: there are too many, the connection must not be kept. */
  readonly room: boolean
  add(held: Held): void
  /** The connection has become something else. */
  replace(held: Held, by: Held): void
  remove(held: Held): void
  /** Lets what runs come to its end for `graceMillis`; cuts then. Relays never say when they are done: they get less. */
  drain(graceMillis: number): Promise<void>
}

const RELAY_GRACE_MILLIS = 500

export function createConnections(limit: number): Connections {
  const all = new Set<Held>()
  let draining = false
  let emptied: () => void = () => undefined

  function remove(held: Held): void {
    all.delete(held)
    if (all.size === 0) emptied()
  }

  function cut(chosen: (held: Held) => boolean): void {
    for (const held of [...all]) if (chosen(held)) held.cut()
  }

  return {
    get size() {
      return all.size
    },
    get draining() {
      return draining
    },
    get room() {
      return all.size < limit
    },
    add(held) {
      all.add(held)
      if (draining) held.drain()
    },
    replace(held, by) {
      all.delete(held)
      all.add(by)
      if (draining) by.drain()
    },
    remove,
    async drain(graceMillis) {
      draining = true
      for (const held of [...all]) held.drain()
      if (all.size === 0) return
      const relays = setTimeout(() => cut(held => !held.busy), Math.min(RELAY_GRACE_MILLIS, graceMillis))
      const rest = setTimeout(() => cut(() => true), graceMillis)
      await new Promise<void>(resolve => {
        emptied = resolve
      })
      clearTimeout(relays)
      clearTimeout(rest)
    },
  }
}
