import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { isComplete } from '../../src/app/demo/complete-trace.ts'
import { defaultDemoFolder } from '../../src/app/demo/default-demo.ts'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { type DemoDescription, readDemoDescription } from '../../src/app/demo/demo-description.ts'
import { watchDemo } from '../../src/app/demo/demo-watch.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import type { JaegerDependency, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { describeInBrowser, type StartedPage, startPage, textOf } from './harness.ts'

const THEMES = ['light', 'dark'] as const

const CALLS = new Set([
  'bookbuyer → bookstore-v1',
  'bookbuyer → bookstore-v2',
  'bookthief → bookstore-v1',
  'bookthief → bookstore-v2',
  'bookstore-v1 → bookwarehouse',
  'bookstore-v2 → bookwarehouse',
])

describeInBrowser('the page of the bookstore demo, by the words of the documentation', browser => {
  let stateDir: string
  let demo: Demo
  let description: DemoDescription

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'kiseki-browser-demo-'))
    description = await readDemoDescription(defaultDemoFolder())
    const signal = AbortSignal.timeout(60_000)
    const progress = () => undefined
    demo = await startDemo({
      description,
      stateDir,
      ports: { page: 0, zipkin: 0 },
      logger: createLogger({ component: 'test', level: 'error' }),
      progress,
      signal,
    })
    const { status, report } = await watchDemo({ demo, description, progress, signal })
    expect(status, report).toBe('seen')
    // Who calls whom is drawn by lot: all have been drawn before the page is looked at.
    await vi.waitFor(async () => expect(await calls()).toEqual(CALLS), { timeout: 60_000, interval: 200 })
  })
  afterAll(async () => {
    await demo?.stop()
    await rm(stateDir, { recursive: true, force: true })
  })

  const pageUrl = () => demo.jaeger?.pageUrl ?? ''
  const open = async (path: string, theme?: 'light' | 'dark'): Promise<StartedPage> => {
    const started = await startPage({
      browser: browser(),
      baseUrl: pageUrl(),
      ...(theme === undefined ? {} : { theme }),
    })
    await started.open(path)
    return started
  }
  const ask = async <T>(path: string): Promise<readonly T[]> => {
    const { data } = (await (await fetch(pageUrl() + path)).json()) as { data: readonly T[] }
    return data
  }
  const calls = async () => {
    const links = await ask<JaegerDependency>(`/api/dependencies?endTs=${Date.now()}&lookback=3600000`)
    return new Set(links.map(({ parent, child }) => `${parent} → ${child}`))
  }
  /** Traces of another buyer are not what is looked for: many are asked for, so that one is among them. */
  const completeTrace = async () => {
    const found = await ask<JaegerTrace>('/api/traces?service=bookwarehouse&limit=500')
    return found.find(trace => isComplete(trace, description.completeTrace))
  }
  const rows = ({ page }: StartedPage) => page.getByRole('list', { name: 'Traces' }).locator('> li')

  it.each(THEMES)('Service and Lookback find the traces of a service (%s)', async theme => {
    await using started = await open('/', theme)
    const { page } = started
    await page.getByLabel('Service', { exact: true }).selectOption('bookbuyer')
    await page.getByLabel('Lookback', { exact: true }).selectOption({ label: 'Last hour' })
    await page.getByRole('button', { name: 'Find traces' }).click()
    await rows(started).first().waitFor()
    for (const row of await rows(started).all()) expect(await textOf(row)).toContain('bookbuyer')
    const services = await page.getByLabel('Service', { exact: true }).locator('option').allInnerTexts()
    expect(services).toEqual(['All services', ...(await ask<string>('/api/services'))])
    await started.screenshot(`demo-search-${theme}`)
    expect(started.problems()).toEqual([])
  })

  it.each(THEMES)('a click opens a trace; its spans are those of the API (%s)', async theme => {
    const trace = await completeTrace()
    expect(trace).toBeDefined()
    await using started = await open('/search?service=bookwarehouse&lookback=1h&limit=500', theme)
    const { page } = started
    // Of the list: the marks above it may cover one another.
    await rows(started).locator(`a[href$="/trace/${trace?.traceID}"]`).click()
    await page.getByRole('treegrid').waitFor()
    const shown = page.getByRole('treegrid').locator('[role="row"][data-index]')
    await expect.poll(() => shown.count()).toBe(trace?.spans.length)
    const texts = await shown.allInnerTexts()
    for (const span of trace?.spans ?? []) {
      const service = trace?.processes[span.processID]?.serviceName ?? ''
      expect(texts.some(text => text.includes(service) && text.includes(span.operationName))).toBe(true)
    }
    await shown.first().click()
    const details = page.getByRole('complementary', { name: 'Span details' })
    expect(await textOf(details.getByRole('row', { name: 'http.method' }).first())).toMatch(/GET|POST/)
    await started.screenshot(`demo-trace-${theme}`)
    expect(started.problems()).toEqual([])
  })

  it.each(THEMES)('Compare lays two selected traces side by side (%s)', async theme => {
    await using started = await open('/search?service=bookbuyer&lookback=1h', theme)
    const { page } = started
    await rows(started).nth(0).getByRole('checkbox').check()
    await rows(started).nth(1).getByRole('checkbox').check()
    await page
      .getByRole('button', { name: 'Compare', exact: true })
      .or(page.getByRole('link', { name: 'Compare', exact: true }))
      .click()
    await page.getByRole('treegrid', { name: 'Calls' }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/trace\/[0-9a-f]+\.\.\.[0-9a-f]+$/)
    await started.screenshot(`demo-compare-${theme}`)
    expect(started.problems()).toEqual([])
  })

  it.each(THEMES)('System Architecture shows who calls whom (%s)', async theme => {
    await using started = await open('/', theme)
    const { page } = started
    await page.getByRole('link', { name: 'System Architecture' }).click()
    const graph = page.getByRole('group', { name: /^Graph of/ })
    await graph.waitFor()
    const shown = await calls()
    expect(shown).toEqual(CALLS)
    for (const service of new Set([...shown].flatMap(call => call.split(' → ')))) {
      await graph.getByRole('button', { name: service, exact: true }).waitFor()
    }
    await started.screenshot(`demo-architecture-${theme}`)
    expect(started.problems()).toEqual([])
  })
})
