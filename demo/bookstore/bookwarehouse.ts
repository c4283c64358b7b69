import { identityOf, listeningOf } from './environment.ts'
import type { Journal } from './journal.ts'
import { SUCCESS } from './maestro.ts'
import { openMysqlStock } from './mysql-stock.ts'
import { runProgram, type Surroundings } from './program.ts'
import { openMemoryStock, type Stock } from './stock.ts'
import { type Answer, type Asked, openWebServer } from './web-server.ts'

/** From so many books on, requests have come through the whole chain more than once by chance. */
const ENOUGH_BOOKS = 3

interface Warehouse {
  readonly identity: string
  readonly journal: Journal
  readonly stock: Stock
}

const booksIn = (body: string, journal: Journal): number => {
  if (/^\s*-?\d+\s*$/.test(body)) return Number(body)
  journal.error(`Could not decode request body ${JSON.stringify(body)}`)
  return 0
}

const restock = async ({ identity, journal, stock }: Warehouse, asked: Asked): Promise<Answer> => {
  const books = booksIn(await asked.body(), journal)
  const total = await stock.add(books)
  journal.info(`Restocking bookstore with ${books} new books; Total so far: ${total}`)
  if (total >= ENOUGH_BOOKS) journal.print(SUCCESS)
  return {
    type: 'application/json',
    headers: { Identity: identity },
    body: JSON.stringify({ restocked: books }),
  }
}

const stockFor = async ({ env, journal, stop }: Surroundings): Promise<Stock | undefined> => {
  const address = env['MYSQL_ADDRESS']
  return address ? openMysqlStock({ address, env, journal, stop }) : openMemoryStock()
}

/** Gives the bookstore new books. It calls nobody by HTTP, so it forwards no tracing header. */
await runProgram('bookwarehouse', async surroundings => {
  const { env, flags, journal, stop } = surroundings
  const stock = await stockFor(surroundings)
  if (stock === undefined) return
  try {
    const warehouse: Warehouse = { identity: identityOf(env, flags), journal, stock }
    const routes = {
      'POST /restock-books': (asked: Asked) => restock(warehouse, asked),
      'POST /': (asked: Asked) => restock(warehouse, asked),
    }
    const server = await openWebServer({ listening: listeningOf(env, flags), routes, journal, stop })
    journal.info(`Starting BookWarehouse HTTP server on port ${server.port}`)
    await server.closed
  } finally {
    await stock.close()
  }
})
