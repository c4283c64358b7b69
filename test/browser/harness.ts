import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureUi } from '../../src/app/bundles.ts'
import { packageRoot } from '../../src/app/package-root.ts'

/** Where distributions put it; `CHROMIUM` names another. */
const CHROMIUM = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  path => path !== undefined && existsSync(path),
)

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A `describe` whose tests have a browser, or are skipped and say what is missing. */
export function describeInBrowser(name: string, tests: (browser: () => Browser) => void): void {
  describe(name, () => {
    if (CHROMIUM === undefined) {
      it.skip('skipped: needs Chromium, install with apt-get install chromium')
      return
    }
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
    })
    afterAll(() => browser?.close())
    tests(() => {
      if (browser === undefined) throw new Error('the browser has not started')
      return browser
    })
  })
}

/** The folder of the built page; it is built when it is older than its sources. */
export function builtPage(): Promise<string> {
  return ensureUi()
}

/** How long what must come may take: the machine may be busy with other checks. */
const PATIENCE_MILLIS = 30_000

/** Looks again and again until it is as expected. */
export function eventually<T>(look: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { timeout: PATIENCE_MILLIS })
}

/** The text of an element as it is shown, with single spaces; waits until there is one. */
export async function textOf(element: Locator): Promise<string> {
  await element.first().waitFor()
  const [text = ''] = await element.first().allInnerTexts()
  return text.replaceAll(/\s+/g, ' ').trim()
}

export interface StartPageOptions {
  readonly browser: Browser
  /** Of a running product, without a slash at the end. */
  readonly baseUrl: string
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

export interface StartedPage extends AsyncDisposable {
  readonly page: Page
  /** Goes to a place below the base URL. */
  open(path: string): Promise<void>
  /** What the console said of errors, broken policies, and requests that left the product. */
  problems(): readonly string[]
  /** Into `test-output/`, which is not kept. */
  screenshot(name: string): Promise<void>
}

/** A fresh browser profile that looks at a running product. */
export async function startPage(options: StartPageOptions): Promise<StartedPage> {
  const { baseUrl } = options
  const context = await options.browser.newContext({
    viewport: { width: options.width ?? 1360, height: options.height ?? 860 },
    colorScheme: options.theme ?? 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
    timezoneId: 'Asia/Tokyo',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MILLIS)
  const problems: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', error => problems.push(error.message))
  page.on('request', request => {
    if (!request.url().startsWith(`${baseUrl}/`)) problems.push(`left the product: ${request.url()}`)
  })
  return {
    page,
    open: async path => {
      await page.goto(baseUrl + path, { waitUntil: 'networkidle' })
    },
    problems: () => problems,
    screenshot: async name => {
      const folder = join(packageRoot(), 'test-output')
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `${name}.png`) })
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
