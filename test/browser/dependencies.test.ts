import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookstoreTraces } from './bookstore-traces.ts'
import { type CannedProduct, dependenciesOf, startCannedProduct } from './canned-product.ts'
import { builtPage, describeInBrowser, eventually, type StartedPage, startPage } from './harness.ts'

const traces = bookstoreTraces(Date.now() * 1000)
const links = dependenciesOf(traces)

describeInBrowser('the System Architecture', browser => {
  let product: CannedProduct
  let shown = traces
  beforeAll(async () => {
    product = await startCannedProduct({ page: await builtPage(), traces: () => shown })
  })
  afterAll(() => product.close())

  const open = async (path: string): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: product.url })
    await started.open(path)
    return started
  }

  it('draws every service and every call of the API, and says the same in a table', async () => {
    await using started = await open('/search')
    const { page } = started
    await page.getByRole('link', { name: 'System Architecture' }).click()
    const graph = page.getByRole('group', { name: /^Graph of/ })
    await graph.waitFor()
    expect(await page.title()).toBe('System Architecture – Kiseki')
    const services = new Set(links.flatMap(link => [link.parent, link.child]))
    for (const service of services) {
      expect(await graph.getByRole('button', { name: service, exact: true }).count(), service).toBe(1)
    }
    for (const { parent, child, callCount } of links) {
      const said = `${parent} called ${child} ${callCount} times`
      expect(await graph.locator('title', { hasText: said }).count(), said).toBe(1)
      const row = page.getByRole('row', { name: `${parent} ${child} ${callCount}`, exact: true })
      expect(await row.count(), said).toBe(1)
    }
    expect(started.problems()).toEqual([])
  })

  it('looks at one service by a click or a key, and leads to its traces', async () => {
    await using started = await open('/dependencies')
    const { page } = started
    await page.getByRole('button', { name: 'bookstore-v1', exact: true }).click()
    const panel = page.getByRole('complementary', { name: 'Service bookstore-v1' })
    await panel.getByText('bookbuyer').waitFor()
    expect(new URL(page.url()).searchParams.get('focus')).toBe('bookstore-v1')
    await page.getByRole('button', { name: 'bookwarehouse', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Traces of bookwarehouse' }).click()
    await page.getByRole('list', { name: 'Traces' }).waitFor()
    const asked = Object.fromEntries(new URL(page.url()).searchParams)
    expect(asked).toEqual({ service: 'bookwarehouse', lookback: '24h' })
    expect(started.problems()).toEqual([])
  })

  it('keeps its Lookback in the address', async () => {
    await using started = await open('/dependencies')
    await started.page.getByLabel('Lookback').selectOption({ label: 'Last 5 minutes' })
    await eventually(() => new URL(started.page.url()).search).toBe('?lookback=5m')
  })

  it('waits while no service is known, then draws by itself', async () => {
    shown = []
    await using started = await open('/dependencies')
    await started.page.getByRole('heading', { name: 'Waiting for spans' }).waitFor()
    shown = traces
    await started.page.getByRole('group', { name: /^Graph of/ }).waitFor()
    expect(started.problems()).toEqual([])
  })
})
