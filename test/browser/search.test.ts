import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { bookstoreTraces, traceOf } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, eventually, type StartedPage, startPage, textOf } from './harness.ts'

const now = Date.now() * 1000

/** Of a window as high as `startPage` makes it. */
const isInSight = (y: unknown): boolean => typeof y === 'number' && y > 0 && y < 800

interface Envelope<T> {
  readonly data: readonly T[]
}

describeInBrowser('the search page', browser => {
  let traces: readonly JaegerTrace[]
  let refusal: { path: string; status: number; message: string } | undefined
  let product: CannedProduct
  beforeAll(async () => {
    product = await startCannedProduct({
      page: await builtPage(),
      traces: () => traces,
      refuse: path => (path === refusal?.path ? refusal : undefined),
    })
  })
  afterAll(() => product.close())
  beforeEach(() => {
    traces = bookstoreTraces(now)
    refusal = undefined
  })

  const open = async (path: string): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open(path)
    return started
  }
  const ask = async <T>(path: string): Promise<readonly T[]> => {
    const answer = (await (await fetch(product.url + path)).json()) as Envelope<T>
    return answer.data
  }
  const rows = (started: StartedPage) => started.page.getByRole('list', { name: 'Traces' }).locator('> li')

  it('shows what there is, without a question: the newest traces of all services', async () => {
    await using started = await open('/')
    await rows(started).first().waitFor()
    expect(new URL(started.page.url()).pathname).toBe('/search')
    expect(await started.page.title()).toBe('Search – Kiseki')
    const found = await ask<JaegerTrace>('/api/traces?limit=20')
    expect(await rows(started).count()).toBe(found.length)
    const first = await textOf(rows(started).first())
    expect(first).toContain(found[0]?.spans[0]?.operationName)
    expect(started.problems()).toEqual([])
  })

  it('offers the services of the API in Service, all of them first', async () => {
    await using started = await open('/search')
    const offered = await started.page
      .getByLabel('Service', { exact: true })
      .locator('option')
      .allInnerTexts()
    expect(offered).toEqual(['All services', ...(await ask<string>('/api/services'))])
  })

  it('finds by Service, Operation, Tags, Lookback and durations, and says all of it in its address', async () => {
    await using started = await open('/search')
    const { page } = started
    await page.getByLabel('Service', { exact: true }).selectOption('bookstore-v1')
    await page.getByLabel('Operation').selectOption('POST /restock-books')
    await page.getByLabel('Tags').fill('http.status_code=503 error=true')
    await page.getByLabel('Lookback').selectOption({ label: 'Last 2 days' })
    await page.getByLabel('Min duration').fill('1us')
    await page.getByLabel('Max duration').fill('9s')
    await page.getByLabel('Limit').fill('5')
    await page.getByRole('button', { name: 'Find traces' }).click()
    await page.getByRole('heading', { name: /^\d+ traces?$/ }).waitFor()
    const address = new URL(page.url())
    const asked = Object.fromEntries(address.searchParams)
    expect(asked).toMatchObject({
      service: 'bookstore-v1',
      operation: 'POST /restock-books',
      tags: '{"http.status_code":"503","error":"true"}',
      lookback: '2d',
      minDuration: '1us',
      maxDuration: '9s',
      limit: '5',
    })
    const found = await ask<JaegerTrace>(`/api/traces${address.search}`)
    expect(found.length).toBeGreaterThan(0)
    expect(await rows(started).count()).toBe(found.length)

    await page.reload({ waitUntil: 'networkidle' })
    expect(await rows(started).count()).toBe(found.length)
    expect(await page.getByLabel('Tags').inputValue()).toBe('http.status_code=503 error=true')
    await page.goBack()
    await page.getByText('Last hour, newest first').waitFor()
    expect(started.problems()).toEqual([])
  })

  it('shows the spans, errors and services that the API has', async () => {
    await using started = await open('/search?service=bookbuyer&limit=3')
    const found = await ask<JaegerTrace>('/api/traces?service=bookbuyer&limit=3')
    for (const [place, trace] of found.entries()) {
      const text = await textOf(rows(started).nth(place))
      const errors = trace.spans.filter(span => span.tags.some(tag => tag.key === 'error')).length
      expect(text).toContain(`${trace.spans.length} span`)
      expect(text).toContain(`${errors} error`)
      for (const { serviceName } of Object.values(trace.processes)) expect(text).toContain(serviceName)
    }
  })

  it('opens a trace from its row and from its mark, and Back returns', async () => {
    await using started = await open('/search?service=bookbuyer')
    const { page } = started
    await rows(started).nth(1).click()
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor()
    await page.goBack()
    await rows(started).first().waitFor()
    await page.locator('svg a[href*="/trace/"]').first().click()
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor()
    expect(started.problems()).toEqual([])
  })

  it('shows on Back what was found before, in its place, and after a reload what there is now', async () => {
    await using started = await open('/search')
    const { page } = started
    const addresses = () => page.evaluate(`[...document.querySelectorAll('ol a')].map(link => link.href)`)
    const before = await addresses()
    expect(before).toHaveLength(20)
    await rows(started).nth(15).getByRole('checkbox').check()
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0)
    await rows(started).nth(15).getByRole('link').click()
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor()
    traces = [
      ...bookstoreTraces(now),
      traceOf(99, now, { service: 'new', operation: 'GET /new', kind: 'server', after: 0, duration: 5 }),
    ]
    await page.goBack()
    await rows(started).first().waitFor()
    expect(await addresses()).toEqual(before)
    await eventually(async () => (await rows(started).nth(15).boundingBox())?.y).toSatisfy(isInSight)
    expect(await rows(started).nth(15).getByRole('checkbox').isChecked()).toBe(true)
    await page.reload({ waitUntil: 'networkidle' })
    expect(await textOf(rows(started).first())).toContain('GET /new')
    expect(started.problems()).toEqual([])
  })

  it('compares the first two of those that are ticked, and keeps the others to switch to', async () => {
    await using started = await open('/search?service=bookbuyer')
    const { page } = started
    const compare = page.getByRole('button', { name: 'Compare' })
    expect(await compare.isDisabled()).toBe(true)
    for (const place of [2, 0, 1]) await rows(started).nth(place).getByRole('checkbox').check()
    await page.getByText('3 ticked').waitFor()
    await compare.click()
    await page.getByRole('treegrid', { name: 'Calls' }).waitFor()
    const found = await ask<JaegerTrace>('/api/traces?service=bookbuyer&limit=3')
    const [zero, one, two] = found.map(trace => trace.traceID)
    const address = new URL(page.url())
    expect(address.pathname).toBe(`/trace/${two}...${zero}`)
    expect(address.searchParams.getAll('cohort')).toEqual([two, zero, one])

    await page.goBack()
    await page.getByText('3 ticked').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('Tick two traces to compare').waitFor()
    expect(started.problems()).toEqual([])
  })

  it('says what is unclear in the form, and asks nothing', async () => {
    await using started = await open('/search')
    const { page } = started
    await page.getByLabel('Tags').fill('error')
    await page.getByLabel('Min duration').fill('long')
    await page.getByRole('button', { name: 'Find traces' }).click()
    await page.getByText('is not of the form key=value').waitFor()
    expect(await page.getByLabel('Min duration').getAttribute('aria-invalid')).toBe('true')
    expect(new URL(page.url()).search).toBe('')
  })

  it('says that nothing is found, and offers a wider Lookback', async () => {
    await using started = await open('/search?lookback=5m&service=bookbuyer&tags=%7B%22a%22%3A%22b%22%7D')
    const { page } = started
    await page.getByRole('heading', { name: 'No traces found' }).waitFor()
    await page.getByText('Widen the Lookback').waitFor()
    await page.getByRole('button', { name: 'Search the last 2 days' }).click()
    await eventually(() => new URL(page.url()).searchParams.get('lookback')).toBe('2d')
  })

  it("says the server's words when a search is refused, and tries again", async () => {
    refusal = { path: '/api/traces', status: 400, message: "unable to parse param 'start'" }
    await using started = await open('/search')
    const { page } = started
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await textOf(alert)).toContain("unable to parse param 'start'")
    refusal = undefined
    await page.getByRole('button', { name: 'Try again' }).click()
    await rows(started).first().waitFor()
  })

  describe('while nothing was ever sent', () => {
    it('waits for spans, and shows the first by itself', async () => {
      traces = []
      await using started = await open('/search')
      const { page } = started
      await page.getByRole('heading', { name: 'Waiting for spans' }).waitFor()
      traces = bookstoreTraces(now)
      await rows(started).first().waitFor()
      expect(await page.getByLabel('Service', { exact: true }).locator('option').count()).toBeGreaterThan(1)
      expect(started.problems()).toEqual([])
    })
  })
})
