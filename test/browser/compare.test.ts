import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookstoreTraces, type Call, traceOf } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, eventually, type StartedPage, startPage } from './harness.ts'

const now = Date.now() * 1000
const a = traceOf(1, now - 9_000_000, buying('bookstore-v1', 1))
const b = traceOf(2, now - 8_000_000, buying('bookstore-v2', 2))
const c = traceOf(3, now - 7_000_000, buying('bookstore-v1', 3))

describeInBrowser('the compare page', browser => {
  let product: CannedProduct
  beforeAll(async () => {
    product = await startCannedProduct({
      page: await builtPage(),
      traces: () => [a, b, c, ...bookstoreTraces(now)],
    })
  })
  afterAll(() => product.close())

  const open = async (path: string): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open(path)
    return started
  }
  /** The cells of every row. */
  const table = async (started: StartedPage): Promise<readonly (readonly string[])[]> => {
    const rows = await started.page.getByRole('treegrid', { name: 'Calls' }).locator('[data-index]').all()
    const cells = await Promise.all(rows.map(row => row.getByRole('gridcell').allInnerTexts()))
    return cells.map(row => row.map(cell => cell.replaceAll(/\s+/g, ' ').trim()))
  }

  it('lays two traces over one another, with counts, times and differences', async () => {
    await using started = await open(`/trace/${a.traceID}...${c.traceID}`)
    expect(await table(started)).toEqual([
      ['bookbuyer GET /books', '1', '1', '±0', '1ms', '3ms', '+2ms'],
      ['bookstore-v1 GET /books', '1', '3', '+2', '200µs', '600µs', '+400µs'],
    ])
    await started.page
      .getByText('B took 2ms longer than A (+200 %), with 2 more spans and as many errors.')
      .waitFor()
    expect(started.problems()).toEqual([])
  })

  it('says which calls only one of them made: v1 beside v2', async () => {
    await using started = await open(`/trace/${a.traceID}...${b.traceID}`)
    expect(await table(started)).toEqual([
      ['bookbuyer GET /books', '1', '1', '±0', '1ms', '2ms', '+1ms'],
      ['bookstore-v1 GET /books only A', '1', '–', '−1', '200µs', '–', '−200µs'],
      ['bookstore-v2 GET /books only B', '–', '2', '+2', '–', '400µs', '+400µs'],
    ])
  })

  it('switches A and B among those that were ticked, and swaps them', async () => {
    const cohort = [a, b, c].map(trace => `cohort=${trace.traceID}`).join('&')
    await using started = await open(`/trace/${a.traceID}...${b.traceID}?${cohort}`)
    const { page } = started
    const path = (): string => new URL(page.url()).pathname
    await page.getByRole('combobox', { name: 'Trace B' }).selectOption(c.traceID)
    await eventually(path).toBe(`/trace/${a.traceID}...${c.traceID}`)
    await page.getByRole('button', { name: 'Swap A and B' }).click()
    await eventually(path).toBe(`/trace/${c.traceID}...${a.traceID}`)
    await page.getByText('B took 2ms less than A').waitFor()
    expect(new URL(page.url()).searchParams.getAll('cohort')).toHaveLength(3)
    expect(started.problems()).toEqual([])
  })

  it('takes the other trace by its id', async () => {
    await using started = await open(`/trace/${a.traceID}`)
    const { page } = started
    await page.getByRole('link', { name: 'Compare with…' }).click()
    await page.getByLabel('ID of trace B').fill(b.traceID)
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByRole('treegrid', { name: 'Calls' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trace/${a.traceID}...${b.traceID}`)
  })

  it("says the server's words of a side that is unknown", async () => {
    await using started = await open(`/trace/${a.traceID}...feed`)
    await started.page.getByRole('region', { name: 'Trace B' }).getByText('trace not found').waitFor()
  })
})

function buying(version: string, times: number): Call {
  const calls = Array.from({ length: times }, (_, place): Call => {
    return { service: version, operation: 'GET /books', kind: 'server', after: place * 250, duration: 200 }
  })
  const duration = times * 1000
  return { service: 'bookbuyer', operation: 'GET /books', kind: 'client', after: 0, duration, calls }
}
