import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { bookstoreTraces, type Call, traceOf } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, eventually, type StartedPage, startPage, textOf } from './harness.ts'

const now = Date.now() * 1000
const start = now - 60_000_000
const traces = bookstoreTraces(now)
const isFailed = (trace: JaegerTrace): boolean =>
  trace.spans.some(span => span.tags.some(tag => tag.value === 503)) && trace.spans.length === 5
const failed = traces.find(isFailed)
const wide = wideTrace(10_000)
const deep = deepTrace(20_000)

describeInBrowser('the trace page', browser => {
  let product: CannedProduct
  beforeAll(async () => {
    product = await startCannedProduct({ page: await builtPage(), traces: () => [...traces, wide, deep] })
  })
  afterAll(() => product.close())

  const open = async (path: string): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open(path)
    return started
  }
  const rows = (started: StartedPage) =>
    started.page.getByRole('treegrid').locator('[role="row"][data-index]')
  const fact = async (started: StartedPage, name: string): Promise<string> =>
    textOf(started.page.locator('header dl div', { hasText: name }).first().locator('dd'))
  const focused = (started: StartedPage): Promise<unknown> =>
    started.page.evaluate('document.activeElement.getAttribute("data-index")')

  it('sums the trace up and shows every span of the API in its place', async () => {
    await using started = await open(`/trace/${failed?.traceID}`)
    expect(await started.page.title()).toBe(
      `bookbuyer: GET /buy-a-book/new · ${failed?.traceID.slice(0, 7)} – Kiseki`,
    )
    expect(await fact(started, 'Total Spans')).toBe('5')
    expect(await fact(started, 'Depth')).toBe('5')
    expect(await fact(started, 'Services')).toBe('3')
    expect(await fact(started, 'Errors')).toBe('2')
    expect(await rows(started).count()).toBe(5)
    for (const [place, span] of failed?.spans.entries() ?? []) {
      expect(await textOf(rows(started).nth(place))).toContain(span.operationName)
      expect(await rows(started).nth(place).getAttribute('aria-level')).toBe(String(place + 1))
    }
    expect(started.problems()).toEqual([])
  })

  it('shows on a click what the API knows of a span, values as text, and says it in the address', async () => {
    await using started = await open(`/trace/${failed?.traceID}`)
    const { page } = started
    await rows(started).nth(2).click()
    const details = page.getByRole('complementary', { name: 'Span details' })
    const span = failed?.spans[2]
    for (const tag of span?.tags ?? []) {
      expect(await textOf(details.getByRole('row', { name: tag.key }).first())).toContain(String(tag.value))
    }
    const text = await textOf(details)
    expect(text).toContain('the warehouse is out of stock')
    expect(text).toContain('hostname')
    expect(text).toContain('Child of')
    expect(new URL(page.url()).searchParams.get('span')).toBe(span?.spanID)

    await details.getByRole('button', { name: 'Copy span ID' }).click()
    await details.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(span?.spanID)
    await details.getByRole('button', { name: 'Close' }).click()
    await details.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('')
    expect(started.problems()).toEqual([])
  })

  it('copies also where the page came by plain http from another machine', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url })
    const { page } = started
    await page.addInitScript('Object.defineProperty(window, "isSecureContext", { value: false })')
    await started.open(`/trace/${failed?.traceID}`)
    await page.getByRole('button', { name: 'Copy trace ID' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(failed?.traceID)
  })

  it('goes by keyboard alone', async () => {
    await using started = await open(`/trace/${failed?.traceID}`)
    const { page } = started
    await rows(started).first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    expect(await focused(started)).toBe('2')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Span details' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Span details' }).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowLeft')
    expect(await rows(started).count()).toBe(3)
    expect(await rows(started).nth(2).getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('Home')
    expect(await focused(started)).toBe('0')
    expect(started.problems()).toEqual([])
  })

  it('gives the keyboard back to the row whose details are closed', async () => {
    await using started = await open(`/trace/${failed?.traceID}`)
    const { page } = started
    const details = page.getByRole('complementary', { name: 'Span details' })
    for (const close of ['Enter', 'Escape']) {
      await rows(started).nth(3).focus()
      await page.keyboard.press('Enter')
      await details.getByRole('button', { name: 'Close' }).focus()
      await page.keyboard.press(close)
      await details.waitFor({ state: 'detached' })
      await page.keyboard.press('ArrowUp')
      expect(await focused(started), close).toBe('2')
    }
  })

  it('folds and unfolds all', async () => {
    await using started = await open(`/trace/${failed?.traceID}`)
    await started.page.getByRole('button', { name: 'Collapse all' }).click()
    expect(await rows(started).count()).toBe(1)
    await started.page.getByRole('img', { name: '2 errors below' }).waitFor()
    await started.page.getByRole('button', { name: 'Expand all' }).click()
    expect(await rows(started).count()).toBe(5)
  })

  it('takes an id in other forms, and writes it as the server does', async () => {
    await using started = await open(`/trace/0000000000000000${failed?.traceID.toUpperCase()}`)
    await eventually(() => new URL(started.page.url()).pathname).toBe(`/trace/${failed?.traceID}`)
  })

  it('opens by an id that is pasted at the top', async () => {
    await using started = await open('/search')
    const lookup = started.page.getByLabel('Open a trace by its ID')
    await lookup.fill(` ${failed?.traceID} `)
    await lookup.press('Enter')
    await rows(started).first().waitFor()
  })

  it("says the server's words of a trace that is unknown", async () => {
    await using started = await open('/trace/feed')
    const text = await textOf(started.page.getByRole('alert'))
    expect(text).toContain('feed')
    expect(text).toContain('trace not found')
  })

  it('draws of 10,000 spans those in sight, and scrolls to the last', async () => {
    await using started = await open(`/trace/${wide.traceID}`)
    const { page } = started
    expect(await fact(started, 'Total Spans')).toBe('10,000')
    expect(await rows(started).count()).toBeLessThan(80)
    await rows(started).first().focus()
    await page.keyboard.press('End')
    expect(await focused(started)).toBe('9999')
    expect(await textOf(rows(started).last())).toContain('call 9998')
    expect(await rows(started).count()).toBeLessThan(80)
    expect(started.problems()).toEqual([])
  })

  it('opens a chain of 20,000 spans', async () => {
    await using started = await open(`/trace/${deep.traceID}`)
    const { page } = started
    expect(await fact(started, 'Depth')).toBe('20,000')
    await rows(started).first().focus()
    await page.keyboard.press('End')
    expect(await focused(started)).toBe('19999')
    await page.getByRole('button', { name: 'Collapse all' }).click()
    expect(await rows(started).count()).toBe(1)
    expect(started.problems()).toEqual([])
  })

  it('brings the span of its address into sight', async () => {
    await using started = await open(`/trace/${wide.traceID}?span=${wide.spans[7000]?.spanID}`)
    expect(await textOf(started.page.getByRole('row', { selected: true }))).toContain('call 6999')
  })
})

function wideTrace(spans: number): JaegerTrace {
  const calls = Array.from({ length: spans - 1 }, (_, place): Call => {
    const service = `service-${place % 7}`
    return { service, operation: `call ${place}`, kind: 'client', after: place * 100, duration: 90 }
  })
  return traceOf(9_000_001, start, {
    service: 'root',
    operation: 'all',
    kind: 'server',
    after: 0,
    duration: spans * 100,
    calls,
  })
}

function deepTrace(spans: number): JaegerTrace {
  const [only] = traceOf(9_000_002, start, {
    service: 'chain',
    operation: 'link',
    kind: 'server',
    after: 0,
    duration: spans,
  }).spans
  if (only === undefined) throw new Error('a trace has a span')
  const { traceID } = only
  const id = (place: number): string => (place + 1).toString(16).padStart(16, '0')
  const links = Array.from({ length: spans }, (_, place) => ({
    ...only,
    spanID: id(place),
    references: place === 0 ? [] : [{ refType: 'CHILD_OF' as const, traceID, spanID: id(place - 1) }],
    startTime: start + place,
    duration: spans - place,
  }))
  return { traceID, spans: links, processes: { p1: { serviceName: 'chain', tags: [] } }, warnings: null }
}
