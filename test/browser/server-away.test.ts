import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { bookstoreTraces, traceOf } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, type StartedPage, startPage, textOf } from './harness.ts'

const now = Date.now() * 1000
const traces = bookstoreTraces(now)
/** Ends so late that the page asks for it again and again, however slow the test. */
const growing = traceOf(77, now, {
  service: 'shop',
  operation: 'GET /slowly',
  kind: 'server',
  after: 0,
  duration: 3_600_000_000,
})

describeInBrowser('while the server', browser => {
  let product: CannedProduct
  let ready: () => Promise<unknown>
  beforeAll(async () => {
    product = await startCannedProduct({
      page: await builtPage(),
      traces: () => [...traces, growing],
      ready: () => ready(),
    })
  })
  afterAll(() => product.close())
  beforeEach(comeBack)

  function comeBack(): void {
    ready = () => Promise.resolve()
  }
  function goAway(): void {
    ready = () => Promise.reject(new Error('away'))
  }
  const open = async (path: string): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.page.goto(product.url + path)
    return started
  }

  it.each([
    ['/search', { role: 'list', name: 'Traces' }],
    [`/trace/${traces[0]?.traceID}`, { role: 'treegrid', name: 'Spans' }],
    [`/trace/${traces[0]?.traceID}...${traces[1]?.traceID}`, { role: 'treegrid', name: 'Calls' }],
    ['/dependencies', { role: 'group', name: /^Graph of/ }],
  ] as const)('is away, %s says so, and shows itself once it is back', async (path, { role, name }) => {
    goAway()
    await using started = await open(path)
    const { page } = started
    await page.getByText('no answer from').first().waitFor()
    comeBack()
    await page.getByRole(role, { name }).waitFor()
  })

  it('is away, what is shown stays, is said to be old, and goes on once it is back', async () => {
    await using started = await open(`/trace/${growing.traceID}`)
    const { page } = started
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor()
    goAway()
    const silence = page.getByText('The server does not answer')
    await silence.waitFor()
    expect(await textOf(page.getByRole('treegrid', { name: 'Spans' }))).toContain('GET /slowly')
    comeBack()
    await silence.waitFor({ state: 'detached' })
  })

  it('is away when a part of the page is to be loaded, it can be loaded again', async () => {
    await using started = await open('/search')
    const { page } = started
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    await page.route('**/*.js', route => route.abort())
    await page.getByRole('link', { name: 'System Architecture' }).click()
    const again = page.getByRole('button', { name: 'Load it again' })
    await again.waitFor()
    await page.unroute('**/*.js')
    await again.click()
    await page.getByRole('group', { name: /^Graph of/ }).waitFor()
  })

  it('is on this machine, a browser without a network still reaches it', async () => {
    await using started = await open('/search')
    const { page } = started
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    await page.evaluate('dispatchEvent(new Event("offline"))')
    await page.getByRole('link', { name: 'System Architecture' }).click()
    await page.getByRole('group', { name: /^Graph of/ }).waitFor()
  })

  it('takes its time, the page says that it searches', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    await using started = await open('/search')
    const { page } = started
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    ready = () => promise
    await page.getByRole('button', { name: 'Find traces' }).click()
    await page.getByRole('heading', { name: 'Searching…' }).waitFor()
    resolve()
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    expect(started.problems()).toEqual([])
  })
})
