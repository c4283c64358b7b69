import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookstoreTraces } from './bookstore-traces.ts'
import { type CannedProduct, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, type StartedPage, startPage } from './harness.ts'

/** Of JavaScript, gzipped. */
const FIRST_LOAD_BYTES = 130_000

const traces = bookstoreTraces(Date.now() * 1000)
const [one] = traces

describeInBrowser('the frame of the page', browser => {
  let product: CannedProduct
  let below: CannedProduct
  beforeAll(async () => {
    const page = await builtPage()
    product = await startCannedProduct({ page, traces: () => traces })
    below = await startCannedProduct({ page, traces: () => traces, basePath: '/some/jaeger' })
  })
  afterAll(() => Promise.all([product.close(), below.close()]))

  const background = (started: StartedPage): Promise<unknown> =>
    started.page.evaluate('getComputedStyle(document.body).backgroundColor')

  it('works below a base path: links, addresses, calls, and what is loaded later', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: below.url })
    const { page } = started
    await started.open(`/trace/${one?.traceID}`)
    await page.getByRole('treegrid').waitFor()
    await page.getByRole('link', { name: 'System Architecture' }).click()
    await page.getByRole('group', { name: /^Graph of/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/some/jaeger/dependencies')
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByRole('button', { name: 'Find traces' }).click()
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/some/jaeger/search')
    await page.getByRole('list', { name: 'Traces' }).getByRole('link').first().click()
    await page.getByRole('treegrid').waitFor()
    const json = await page.getByRole('link', { name: 'JSON' }).getAttribute('href')
    expect(json).toMatch(/^\/some\/jaeger\/api\/traces\/[0-9a-f]+\?prettyPrint=true$/)
    expect(started.problems()).toEqual([])
  })

  it('loads little before it shows something', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url })
    const scripts: Promise<Buffer>[] = []
    started.page.on('response', response => {
      if (response.url().endsWith('.js')) scripts.push(response.body())
    })
    await started.open('/search')
    const sizes = (await Promise.all(scripts)).map(script => gzipSync(script, { level: 9 }).length)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThanOrEqual(FIRST_LOAD_BYTES)
  })

  it('follows the system in its colours, until somebody chooses, and remembers that', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url, theme: 'dark' })
    const { page } = started
    await started.open('/search')
    const dark = await background(started)
    await page.getByRole('button', { name: 'Switch to light colours' }).click()
    const light = await background(started)
    expect(light).not.toBe(dark)
    await page.reload({ waitUntil: 'networkidle' })
    expect(await background(started)).toBe(light)
    await page.getByRole('button', { name: 'Switch to dark colours' }).click()
    expect(await background(started)).toBe(dark)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await background(started)).toBe(light)
  })

  it('can be reached by keyboard from the first Tab on, and shows where it is', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url })
    const { page } = started
    await started.open(`/trace/${one?.traceID}`)
    await page.getByRole('treegrid').waitFor()
    const reached: unknown[] = []
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(
          '(e => [e.getAttribute("aria-label") ?? e.textContent, getComputedStyle(e).outlineStyle])(document.activeElement)',
        ),
      )
    }
    const names = reached.map(each => (Array.isArray(each) ? String(each[0]) : ''))
    for (const name of [
      'Skip to the content',
      'Search',
      'System Architecture',
      'Copy trace ID',
      'Expand all',
    ]) {
      expect(names).toContain(name)
    }
    expect(reached).not.toContainEqual([expect.anything(), 'none'])
  })

  it('says that an address is none of its own', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open('/nowhere')
    await started.page.getByText('There is no page at this address').waitFor()
    await started.page.getByRole('link', { name: 'To the search', exact: true }).click()
    await started.page.getByRole('list', { name: 'Traces' }).waitFor()
  })

  it('has addresses of its own for pages, which a link can open in a new tab', async () => {
    await using started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open('/search')
    const link = started.page.getByRole('list', { name: 'Traces' }).getByRole('link').first()
    const [tab] = await Promise.all([
      started.page.context().waitForEvent('page'),
      link.click({ modifiers: ['ControlOrMeta'] }),
    ])
    await tab.getByRole('treegrid').waitFor()
    expect(new URL(started.page.url()).pathname).toBe('/search')
  })
})
