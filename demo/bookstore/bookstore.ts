import { setTimeout as delay } from 'node:timers/promises'
import { identityOf, listeningOf, textOf } from './environment.ts'
import { serviceUrl } from './errand.ts'
import type { Journal } from './journal.ts'
import { pageOf } from './page.ts'
import { runProgram } from './program.ts'
import { openRestock, type Restock } from './restock.ts'
import { tracingHeadersOf } from './tracing-headers.ts'
import { type Answer, type Asked, openWebServer, type Routes } from './web-server.ts'

interface Store {
  readonly identity: string
  readonly journal: Journal
  readonly restock: Restock
  booksSold: number
}

/** A sale is slowed down artificially, so that there is something to see in a trace. */
const SALE_MS = { least: 150, most: 750 }

const page = (
  store: Store,
  options: { headers?: Record<string, string>; refreshSeconds?: number } = {},
): Answer => {
  const { headers, ...refresh } = options
  const figures = [{ label: 'Books sold', value: store.booksSold }]
  const body = pageOf({ title: 'Bookstore', identity: store.identity, figures, now: new Date(), ...refresh })
  return { type: 'text/html', body, ...(headers && { headers }) }
}

const headersOf = (store: Store, asked: Asked): Record<string, string> => ({
  Booksbought: String(store.booksSold),
  Identity: store.identity,
  ...tracingHeadersOf(asked.headers),
})

const logRequest = ({ journal, identity, booksSold }: Store, path: string, noun = 'Count'): void =>
  journal.info(`${identity};  URL: ${JSON.stringify(path)};  ${noun}: ${booksSold}`)

const show = (store: Store, asked: Asked): Answer => {
  logRequest(store, asked.path)
  const headers = headersOf(store, asked)
  return asked.path === '/' ? page(store, { headers, refreshSeconds: 1 }) : page(store, { headers })
}

const update = async (store: Store, asked: Asked): Promise<Answer> => {
  const text = await asked.body()
  const booksSold = /^\s*-?\d+\s*$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(booksSold)) {
    return { status: 400, type: 'text/plain', body: 'Could not decode request body\n' }
  }
  store.booksSold = booksSold
  logRequest(store, asked.path, 'Booksbought')
  return page(store, { headers: headersOf(store, asked) })
}

const sell = async (store: Store, asked: Asked): Promise<Answer> => {
  const { journal } = store
  journal.print('Selling a book!')
  store.booksSold++
  const answer = page(store, { headers: headersOf(store, asked) })
  logRequest(store, asked.path)
  for (const [name, value] of Object.entries(asked.headers)) journal.info(`${name}: ${value}`)
  // Not awaited: the customer need not wait for the warehouse, whose span may outlive the sale's.
  void store.restock(tracingHeadersOf(asked.headers))
  const busyMs = Math.floor(SALE_MS.least + Math.random() * (SALE_MS.most - SALE_MS.least))
  journal.info(`Sleeping ${busyMs}ms`)
  await delay(busyMs)
  return answer
}

const routesOf = (store: Store): Routes => ({
  'GET /': asked => show(store, asked),
  'GET /books-bought': asked => show(store, asked),
  'POST /books-bought': asked => update(store, asked),
  'GET /buy-a-book/new': asked => sell(store, asked),
  'GET /raw': () => ({ type: 'application/json', body: JSON.stringify({ booksSold: store.booksSold }) }),
  'GET /reset': () => {
    store.booksSold = 0
    return page(store, { refreshSeconds: 1 })
  },
  'GET /liveness': () => page(store),
  'GET /readiness': () => page(store),
  'GET /startup': () => page(store),
})

/** Sells books and has each one restocked by the bookwarehouse. */
await runProgram('bookstore', async ({ env, flags, journal, stop }) => {
  const warehouse = serviceUrl(
    textOf(env, 'WAREHOUSE_SVC', 'bookwarehouse'),
    textOf(env, 'BOOKWAREHOUSE_NAMESPACE', 'bookwarehouse'),
  )
  const restock = openRestock({ url: `${warehouse}/restock-books`, journal })
  const routes = routesOf({ identity: identityOf(env, flags), journal, restock, booksSold: 0 })
  const server = await openWebServer({ listening: listeningOf(env, flags), routes, journal, stop })
  journal.info(`Bookstore running on port ${server.port}`)
  await server.closed
})
