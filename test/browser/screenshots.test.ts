import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookstoreTraces } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, startPage } from './harness.ts'

/** Microseconds; one moment for the whole file. */
const now = Date.now() * 1000
const traces = bookstoreTraces(now)
const withError = traces.find(trace => trace.spans.some(span => span.tags.some(tag => tag.value === 503)))
const bought = traces.filter(trace => trace.processes['p1']?.serviceName === 'bookbuyer').toReversed()
const versionOf = (trace: (typeof traces)[number]) => trace.processes['p2']?.serviceName
const v1 = bought.find(trace => versionOf(trace) === 'bookstore-v1')
const v2 = bought.find(trace => versionOf(trace) === 'bookstore-v2')

const LOOKS = [
  { name: 'light', theme: 'light', width: 1360, height: 860 },
  { name: 'dark', theme: 'dark', width: 1360, height: 860 },
  { name: 'phone', theme: 'light', width: 360, height: 740 },
] as const

const PLACES = [
  ['search', '/search'],
  ['ticked', `/search?service=bookbuyer&cohort=${v1?.traceID}&cohort=${v2?.traceID}`],
  ['empty', '/search?service=bookbuyer&minDuration=9s'],
  ['trace', `/trace/${withError?.traceID}`],
  ['span', `/trace/${withError?.traceID}?span=${withError?.spans[2]?.spanID}`],
  ['compare', `/trace/${v1?.traceID}...${v2?.traceID}`],
  ['dependencies', '/dependencies'],
  ['focus', '/dependencies?focus=bookstore-v1'],
  ['missing', '/trace/feed'],
] as const

describeInBrowser('the page as it looks', browser => {
  let product: CannedProduct
  beforeAll(async () => {
    product = await startCannedProduct({ page: await builtPage(), traces: () => traces })
  })
  afterAll(() => product.close())

  it.each(LOOKS)('$name', async ({ name, theme, width, height }) => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url, theme, width, height })
    for (const [place, path] of PLACES) {
      await started.open(path)
      const wider = await started.page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(wider, `${place} is wider than the window`).toBeLessThanOrEqual(0)
      await started.screenshot(`${place}-${name}`)
    }
    expect(started.problems().filter(problem => !problem.includes('404'))).toEqual([])
  })
})
