/** What one accepted connection has become: an HTTP/1 connection, a relay, or one that is not yet known. */
export interface Held {
  /** Whether an exchange runs that deserves to come to its end. */
  readonly busy: boolean
  /** Tells the other side to come by another way, while it may still come by this one; where that can be told. */
  discourage?(): void
  /** Ends it as soon as nothing runs on it. */
  drain(): void
  /** Ends it now. */
  cut(): void
}

/** All accepted connections, bounded. */
export interface Connections {
  readonly size: number
  /** Whoever is answered is told to come no more by this connection. */
  readonly draining: boolean
  /** False: there are too many, the connection must not be kept. */
  readonly room: boolean
  add(held: Held): void
  /** The connection has become something else. */
  replace(held: Held, by: Held): void
  remove(held: Held): void
  /** From now on `draining`, but all goes on as before. */
  discourage(): void
  /** Lets what runs come to its end for `graceMillis`; cuts then. Relays never say when they are done: they get less. */
  drain(graceMillis: number): Promise<void>
}

const RELAY_GRACE_MILLIS = 500

export function createConnections(limit: number): Connections {
  const all = new Set<Held>()
  let draining = false
  let ending = false
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
      if (ending) held.drain()
      else if (draining) held.discourage?.()
    },
    replace(held, by) {
      all.delete(held)
      all.add(by)
      if (ending) by.drain()
      else if (draining) by.discourage?.()
    },
    remove,
    discourage() {
      draining = true
      for (const held of [...all]) held.discourage?.()
    },
    async drain(graceMillis) {
      draining = true
      ending = true
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
