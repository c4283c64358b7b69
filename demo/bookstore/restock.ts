import { errorText } from './error-text.ts'
import { headerText, INTERESTING_HEADERS } from './header-text.ts'
import type { Journal } from './journal.ts'

export interface RestockOptions {
  readonly url: string
  readonly journal: Journal
}

/** Orders one book; the headers are those of the sale that it follows. */
export type Restock = (tracingHeaders: Readonly<Record<string, string>>) => Promise<void>

const TIMEOUT_MS = 10_000

/** A warehouse that does not answer must not collect orders without end. */
const MOST_UNDER_WAY = 256

const post = async (
  { url, journal }: RestockOptions,
  headers: Readonly<Record<string, string>>,
): Promise<void> => {
  journal.info('Restocking from book warehouse with 1 books')
  journal.info(`RestockBooks: Posted to ${url} with headers ${headerText(headers)}`)
  const response = await fetch(url, {
    method: 'POST',
    body: '1',
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await response.text()
  for (const name of INTERESTING_HEADERS) {
    journal.info(`RestockBooks (${url}) adding header {${name}: ${response.headers.get(name) ?? 'n/a'}}`)
  }
  const status = `${response.status} ${response.statusText}`
  journal.info(`RestockBooks (${url}) finished w/ status: ${status} ${response.status}`)
}

/** The function it returns never rejects: a failure goes to the journal, for the customer has their book already. */
export const openRestock = (options: RestockOptions): Restock => {
  const { url, journal } = options
  let underWay = 0
  return async tracingHeaders => {
    if (underWay >= MOST_UNDER_WAY) {
      journal.error(`RestockBooks: not posted to ${url}: ${underWay} orders are waiting for an answer`)
      return
    }
    underWay++
    try {
      await post(options, tracingHeaders)
    } catch (error) {
      journal.error(`RestockBooks: Error posting to ${url}: ${errorText(error)}`)
    } finally {
      underWay--
    }
  }
}
