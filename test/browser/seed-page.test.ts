import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Running } from '../across/seed-page/bash.ts'
import { forwardThePage } from '../across/seed-page/forward.ts'
import { pageCommand } from '../across/seed-page/page-commands.ts'
import { typed } from '../across/seed-page/story.ts'
import { MISSING, openWorld, type World } from '../across/seed-page/world.ts'
import { describeInBrowser, eventually, type StartedPage, startPage, textOf } from './harness.ts'

const BASE_URL = 'http://localhost:16686'
const APPS = ['bookbuyer', 'bookstore-v1', 'bookstore-v2', 'bookthief', 'bookwarehouse']

// a) to d) of the page on tracing, reached as it says: by `kubectl port-forward` of the pod of Jaeger.
describeInBrowser('the page on tracing, a) to d)', browser => {
  if (MISSING !== undefined) {
    it.skip(MISSING)
    return
  }

  let world: World
  let forward: Running

  beforeAll(async () => {
    world = await openWorld()
    await typed(world, pageCommand('install with a Jaeger'))
    await typed(world, 'kubectl apply -f demo/bookstore/k8s')
    await typed(world, 'kubectl rollout status deployment/bookbuyer -n bookbuyer --timeout=60s')
    forward = await forwardThePage(world)
    // Who asks whom is drawn by lot: all that the page is to show has been drawn before it is looked at.
    await Promise.all([
      haveCalled('bookbuyer', 'bookstore-v1'),
      haveCalled('bookbuyer', 'bookstore-v2'),
      haveCalled('bookthief', 'bookstore-v'),
      haveCalled('bookstore-v', 'bookwarehouse'),
    ])
  })
  afterAll(async () => {
    await forward?.end()
    await world?.stop()
    await world?.remove()
  })

  const ask = async <T>(path: string): Promise<readonly T[]> => {
    const { data } = (await (await fetch(BASE_URL + path)).json()) as { data: readonly T[] }
    return data
  }
  /** By the beginnings of their names. */
  const haveCalled = async (caller: string, callee: string): Promise<void> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(200)) {
      const query = `endTs=${Date.now()}&lookback=3600000`
      const links = await ask<{ parent: string; child: string }>(`/api/dependencies?${query}`)
      if (links.some(({ parent, child }) => parent.startsWith(caller) && child.startsWith(callee))) return
    }
    throw new Error(`${caller} has not called ${callee}`)
  }
  const open = async (): Promise<StartedPage> => {
    const started = await startPage({ browser: browser(), baseUrl: BASE_URL })
    await started.open('/')
    return started
  }
  const rows = ({ page }: StartedPage) => page.getByRole('list', { name: 'Traces' }).locator('> li')
  /** a): all that bookbuyer has done within the last hour. */
  const searchForTheBuyer = async (started: StartedPage): Promise<void> => {
    const { page } = started
    await page.getByLabel('Service', { exact: true }).selectOption('bookbuyer')
    await page.getByLabel('Lookback', { exact: true }).selectOption({ label: 'Last hour' })
    await page.getByLabel('Limit').fill('200')
    await page.getByRole('button', { name: 'Find traces' }).click()
    await rows(started).first().waitFor()
  }
  const rowWith = (started: StartedPage, store: string) => rows(started).filter({ hasText: store }).first()

  it('a Service dropdown offers the apps of the demo', async () => {
    await using started = await open()
    const service = started.page.getByLabel('Service', { exact: true })
    await eventually(() => service.locator('option').allInnerTexts()).toEqual(['All services', ...APPS])
    expect(started.problems()).toEqual([])
  })

  it('a) Service bookbuyer, Lookback of an hour: what it did with both bookstores, in the order of time', async () => {
    await using started = await open()
    await searchForTheBuyer(started)
    for (const row of await rows(started).all()) expect(await textOf(row)).toContain('bookbuyer')
    for (const store of ['bookstore-v1', 'bookstore-v2']) await rowWith(started, store).waitFor()
    const times = await rows(started)
      .locator('time')
      .evaluateAll(found => found.map(time => time.getAttribute('datetime') ?? ''))
    expect(times.length).toBeGreaterThan(1)
    expect(times).toEqual(times.toSorted().toReversed())
    await started.screenshot('seed-page-a')
    expect(started.problems()).toEqual([])
  })

  it('b) a click on an item shows its details', async () => {
    await using started = await open()
    await searchForTheBuyer(started)
    await rowWith(started, 'bookstore-v1').getByRole('link').first().click()
    const spans = started.page.getByRole('treegrid', { name: 'Spans' })
    await spans.waitFor()
    await spans.locator('[role="row"][data-index]').first().click()
    const details = started.page.getByRole('complementary', { name: 'Span details' })
    expect(await textOf(details.getByRole('row', { name: 'http.method' }).first())).toMatch(/GET/)
    await started.screenshot('seed-page-b')
    expect(started.problems()).toEqual([])
  })

  it('c) several selected items are compared: bookstore-v1 beside bookstore-v2', async () => {
    await using started = await open()
    const { page } = started
    await searchForTheBuyer(started)
    for (const store of ['bookstore-v1', 'bookstore-v2'])
      await rowWith(started, store).getByRole('checkbox').check()
    await page
      .getByRole('button', { name: 'Compare', exact: true })
      .or(page.getByRole('link', { name: 'Compare', exact: true }))
      .click()
    const calls = page.getByRole('treegrid', { name: 'Calls' })
    await calls.waitFor()
    const text = await textOf(calls)
    for (const service of ['bookbuyer', 'bookstore-v1', 'bookstore-v2']) expect(text).toContain(service)
    await started.screenshot('seed-page-c')
    expect(started.problems()).toEqual([])
  })

  it('d) System Architecture shows a graph of who calls whom', async () => {
    await using started = await open()
    const { page } = started
    await page.getByRole('link', { name: 'System Architecture' }).click()
    const graph = page.getByRole('group', { name: /^Graph of/ })
    await graph.waitFor()
    for (const app of APPS) await graph.getByRole('button', { name: app, exact: true }).waitFor()
    await started.screenshot('seed-page-d')
    expect(started.problems()).toEqual([])
  })
})
