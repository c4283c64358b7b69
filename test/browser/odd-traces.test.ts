import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { type Call, traceOf } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, type StartedPage, startPage, textOf } from './harness.ts'

const now = Date.now() * 1000
const start = now - 60_000_000
const LONG_NAME = 'a-service-whose-name-does-not-end-'.repeat(8)
const LONG_VALUE = `begin ${'x'.repeat(20_000)} end`

const HOSTILE = {
  html: '<script>alert(1)</script><img src=x onerror=alert(2)>',
  rtl: 'مرحبا ‮gnp.exe',
  emoji: '👩‍👩‍👧‍👦🔥',
  lines: 'Error: boom\n    at here (a.js:1)',
  empty: '',
}

const odd = withTags(
  traceOf(501, start, {
    ...call('a/b & <i>c</i> 日本', 0, 12_600),
    calls: [call(LONG_NAME, 5000, 2500), call('', 7000, 0), call('svc & co', 12_600, 0)],
  }),
  { ...HOSTILE, long: LONG_VALUE },
)
const instant = traceOf(502, start, call('instant', 0, 0))
const crowd = traceOf(503, start, {
  ...call('crowd', 0, 9000),
  calls: Array.from({ length: 40 }, (_, place) => call(`service-${place}`, place, 10)),
})
const traces = [odd, instant, crowd]

function call(service: string, after: number, duration: number): Call {
  return { service, operation: 'GET /', kind: 'server', after, duration }
}

function withTags(trace: JaegerTrace, tags: Readonly<Record<string, string>>): JaegerTrace {
  const more = Object.entries(tags).map(([key, value]) => ({ key, type: 'string' as const, value }))
  const spans = trace.spans.map((span, place) =>
    place === 0 ? { ...span, tags: [...span.tags, ...more] } : span,
  )
  return { ...trace, spans }
}

describeInBrowser('odd traces', browser => {
  let product: CannedProduct
  beforeAll(async () => {
    product = await startCannedProduct({ page: await builtPage(), traces: () => traces })
  })
  afterAll(() => product.close())

  const open = async (path: string, size: { width?: number; height?: number } = {}): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url, ...size })
    await started.open(path)
    return started
  }
  const bar = (started: StartedPage, row: number): Locator =>
    started.page.locator(`[data-index="${row}"] [style*="width"]`)
  const left = async (element: Locator): Promise<number> => (await element.boundingBox())?.x ?? Number.NaN

  it.each(['/search', `/trace/${odd.traceID}`, `/trace/${odd.traceID}...${crowd.traceID}`, '/dependencies'])(
    'make %s no wider than the window, at any width',
    async path => {
      for (const width of [360, 680, 900, 1360]) {
        await using started = await open(path, { width })
        const wider = await started.page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect(wider, `${width} px`).toBeLessThanOrEqual(0)
        const cut = started.page.getByRole('list', { name: 'Services' }).first()
        if ((await cut.count()) === 0 || !(await cut.isVisible())) continue
        const box = await cut.locator('li', { hasText: 'a-service-whose-name' }).boundingBox()
        const room = await cut.boundingBox()
        expect(box?.width ?? 0, `${width} px`).toBeLessThanOrEqual(room?.width ?? 0)
      }
    },
  )

  it('show every value as text, and the whole of a long one when asked', async () => {
    await using started = await open(`/trace/${odd.traceID}?span=${odd.spans[0]?.spanID}`)
    const { page } = started
    const value = (key: string) => page.getByRole('row', { name: key }).last().locator('td')
    for (const [key, text] of Object.entries(HOSTILE)) {
      expect(await value(key).textContent(), key).toBe(text)
    }
    const long = value('long')
    expect((await textOf(long)).length).toBeLessThan(1000)
    await long.getByRole('button', { name: 'Show all 20,010 characters' }).click()
    await long.getByRole('button', { name: 'Show less' }).waitFor()
    expect(await long.textContent()).toContain(LONG_VALUE)
    expect(await page.locator('img[src="x"], td script').count()).toBe(0)
    expect(started.problems()).toEqual([])
  })

  it('have round marks on the ruler, and bars exactly where the marks say', async () => {
    await using started = await open(`/trace/${odd.traceID}`)
    const ruler = started.page.getByRole('columnheader', { name: 'Time' })
    expect(await ruler.locator('span').allInnerTexts()).toEqual(['0', '5ms', '10ms'])
    for (const [row, mark] of ['0', '5ms'].entries()) {
      const at = await left(ruler.getByText(mark, { exact: true }))
      expect(await left(bar(started, row)), mark).toBeCloseTo(at, 0)
    }
  })

  it('have one mark where they took no time', async () => {
    await using started = await open(`/trace/${instant.traceID}`)
    const marks = started.page.getByRole('columnheader', { name: 'Time' }).locator('span')
    expect(await marks.allInnerTexts()).toEqual(['0'])
    expect((await bar(started, 0).boundingBox())?.width).toBeGreaterThanOrEqual(2)
  })

  it('count those of many services that are not named above the waterfall', async () => {
    await using started = await open(`/trace/${crowd.traceID}`)
    await started.page.getByRole('list', { name: 'Services' }).getByText('and 29 more').waitFor()
  })

  it.each([
    [360, 740],
    [680, 430],
    [900, 700],
  ])('keep the row in sight whose details lie over the page, %d × %d', async (width, height) => {
    for (const place of [0, 20, 40]) {
      await using started = await open(`/trace/${crowd.traceID}?span=${crowd.spans[place]?.spanID}`, {
        width,
        height,
      })
      const { page } = started
      const row = await page.getByRole('row', { selected: true }).boundingBox()
      const head = await page.getByRole('columnheader').first().boundingBox()
      const details = await page.getByRole('complementary', { name: 'Span details' }).boundingBox()
      if (!row || !head || !details) throw new Error('something is not drawn')
      expect(row.y, `row ${place}`).toBeGreaterThanOrEqual(Math.max(0, head.y + head.height) - 1)
      expect(row.y + row.height, `row ${place}`).toBeLessThanOrEqual(details.y + 1)
    }
  })

  it('fit their names into the boxes of the architecture', async () => {
    await using started = await open('/dependencies')
    const { page } = started
    await page.getByRole('group', { name: /^Graph of/ }).waitFor()
    const over =
      await page.evaluate(`[...document.querySelectorAll('[role="group"] [role="button"]')].filter(node => {
      const [box] = node.querySelectorAll('rect')
      return node.querySelector('text').getBoundingClientRect().right > box.getBoundingClientRect().right - 2
    }).map(node => node.getAttribute('aria-label'))`)
    expect(over).toEqual([])
  })

  it('bring the service that the address names into sight', async () => {
    await using started = await open('/dependencies?focus=service-0', { width: 900, height: 700 })
    const graph = started.page.getByRole('group', { name: /^Graph of/ })
    const node = await graph.getByRole('button', { name: 'service-0', exact: true }).boundingBox()
    const room = await graph.locator('..').boundingBox()
    if (!node || !room) throw new Error('something is not drawn')
    expect(node.y).toBeGreaterThanOrEqual(room.y)
    expect(node.y + node.height).toBeLessThanOrEqual(room.y + room.height)
  })
})
