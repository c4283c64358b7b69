import { setTimeout as delay } from 'node:timers/promises'
import { type Environment, integerOf, listeningOf, numberOf, textOf } from './environment.ts'
import { errandsOf } from './errand.ts'
import { pageOf } from './page.ts'
import type { Surroundings } from './program.ts'
import { type Shopper, shop } from './shopper.ts'
import { NO_BOOKS, type Tally, withBook } from './tally.ts'
import { visit } from './visit.ts'
import { type Answer, openWebServer, type Routes } from './web-server.ts'

/** What tells the buyer from the thief. */
export interface Character {
  readonly name: string
  readonly title: string
  readonly verb: 'Bought' | 'Stolen'
  readonly expectedStatus: number
}

interface Books {
  tally: Tally
}

const routesOf = (
  character: Character,
  env: Environment,
  books: Books,
  log: (line: string) => void,
): Routes => {
  const { title, verb } = character
  const identity = textOf(env, 'IDENTITY', title)
  const page = (): Answer => ({
    type: 'text/html',
    body: pageOf({
      title,
      identity,
      figures: [
        { label: `Books ${verb.toLowerCase()}`, value: books.tally.total },
        { label: 'from bookstore-v1', value: books.tally.v1 },
        { label: 'from bookstore-v2', value: books.tally.v2 },
      ],
      now: new Date(),
      refreshSeconds: 1,
    }),
  })
  return {
    'GET /': ({ path }) => {
      log(`${identity};  URL: ${JSON.stringify(path)};  Count: ${books.tally.total}`)
      return page()
    },
    'GET /raw': () => {
      const { total, v1, v2 } = books.tally
      const raw = { [`books${verb}`]: total, [`books${verb}V1`]: v1, [`books${verb}V2`]: v2 }
      return { type: 'application/json', body: JSON.stringify(raw) }
    },
    'GET /reset': () => {
      books.tally = NO_BOOKS
      return page()
    },
  }
}

const loopOf = (character: Character, surroundings: Surroundings, books: Books): Shopper => {
  const { env, journal, stop } = surroundings
  return {
    name: character.name,
    errands: errandsOf(env, character.expectedStatus),
    minSuccesses: integerOf(env, 'CI_MIN_SUCCESS_THRESHOLD', 1),
    maxIterations: integerOf(env, 'CI_MAX_ITERATIONS_THRESHOLD', 0),
    pauseMs: 1000 * numberOf(env, 'CI_SLEEP_BETWEEN_REQUESTS_SECONDS', 1),
    journal,
    stop,
    visit: (url, headers) => visit(url, { headers, journal, stop }),
    onBook: version => {
      books.tally = withBook(books.tally, version)
      return books.tally[version]
    },
    random: Math.random,
    now: () => performance.now(),
    sleep: async ms => {
      // The only way for this to reject is the signal, and the loop looks at that itself.
      if (ms > 0) await delay(ms, undefined, { signal: stop }).catch(() => undefined)
    },
  }
}

/** The page and the client loops of one character, until it is told to stop. */
export const runShopper = async (character: Character, surroundings: Surroundings): Promise<void> => {
  const { env, flags, journal, stop } = surroundings
  const books: Books = { tally: NO_BOOKS }
  const loop = loopOf(character, surroundings, books)
  const connections = integerOf(env, 'CI_CLIENT_CONCURRENT_CONNECTIONS', 1)
  const routes = routesOf(character, env, books, journal.print)
  const server = await openWebServer({ listening: listeningOf(env, flags), routes, journal, stop })
  journal.info(`${character.title} running on port ${server.port}`)
  const loops = Array.from({ length: connections }, (_, index) => {
    journal.print(`Backpressure: starting ${character.name} connection #${index}`)
    return shop(loop)
  })
  await Promise.all([server.closed, ...loops])
}
