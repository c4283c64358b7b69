import { booksOn, type Rig, startRig } from '../testing/rig.ts'

/** Longer than any test waits: no end is owed to a timeout. */
const UNHEARD_MILLIS = 60_000

/** A sidecar with one app behind and beyond it, which is `books.shop` and whatever else `hosts` names. */
export function startCorpusRig(appPort: number, hosts: readonly string[] = []): Promise<Rig> {
  const books = booksOn(appPort)
  const others = Object.fromEntries(hosts.map(host => [host, 'shop/books|80']))
  return startRig({
    ...books,
    hosts: { ...books.hosts, ...others },
    inbound: { '9001': { appPort } },
    tracing: false,
    timeoutMillis: UNHEARD_MILLIS,
  })
}
