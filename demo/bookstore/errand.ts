import { type Environment, textOf } from './environment.ts'

/** A page that a client asks for again and again. */
export interface Errand {
  readonly name: string
  /** `random` gives numbers in [0, 1), for errands that choose among several pages. */
  readonly url: (random: () => number) => string
  readonly headers: Readonly<Record<string, string>>
  readonly expectedStatus: number
  /** Whether status 200 means that a book changed hands. */
  readonly buys: boolean
}

/** The port of the Services `bookstore` and `bookwarehouse`: their address in the cluster, not where a process listens. */
const SERVICE_PORT = 14001

const EGRESS_HOSTS = ['edition.cnn.com', 'github.com'] as const

export const serviceUrl = (service: string, namespace: string): string =>
  `http://${service}.${namespace}.svc.cluster.local:${SERVICE_PORT}`

const egress = (prefix: 'http://' | 'https://'): Errand => ({
  name: prefix,
  url: random => prefix + (EGRESS_HOSTS[Math.floor(random() * EGRESS_HOSTS.length)] ?? EGRESS_HOSTS[0]),
  headers: {},
  expectedStatus: 200,
  buys: false,
})

/** `expectedStatus` is what the bookstore shall answer this client; 0 means that no answer shall come. */
export const errandsOf = (env: Environment, expectedStatus: number): readonly Errand[] => {
  const bookstore = serviceUrl(
    textOf(env, 'BOOKSTORE_SVC', 'bookstore'),
    textOf(env, 'BOOKSTORE_NAMESPACE', 'bookstore'),
  )
  // The HTTPRouteGroup of the policy demo matches both headers, hence the name of another language's client.
  const headers = { 'client-app': 'bookbuyer', 'user-agent': 'Go-http-client/1.1' }
  const booksBought = { url: `${bookstore}/books-bought`, headers, buys: false }
  const buyBook = { url: `${bookstore}/buy-a-book/new`, headers: {}, buys: true }
  const inMesh = [booksBought, buyBook].map(
    ({ url, ...rest }): Errand => ({ ...rest, name: url, url: () => url, expectedStatus }),
  )
  return env['ENABLE_EGRESS'] === 'true' ? [...inMesh, egress('http://'), egress('https://')] : inMesh
}
