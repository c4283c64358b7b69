import { afterEach } from 'vitest'

interface Closable {
  stop?(): Promise<void>
  close?(): Promise<void>
}

/** Gives a function that marks things to be closed after each test, the newest first. */
export function closedAfterEach(): <T extends Closable>(thing: T) => T {
  const open: Closable[] = []
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await (thing.stop?.() ?? thing.close?.())
  })
  return thing => {
    open.push(thing)
    return thing
  }
}
