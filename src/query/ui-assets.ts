import { readFile, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import type { Handler, HttpRequest, HttpResponse } from '../runtime/http-exchange.ts'
import { text } from '../runtime/http-exchange.ts'
import { type BasePath, withoutBasePath } from './base-path.ts'

export interface UiAssetsOptions {
  /** Where `index.html` is; it may come and go while the server runs. */
  readonly dir: string
  readonly basePath: BasePath
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.map', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json'],
  ['.woff2', 'font/woff2'],
])

/** The page loads nothing from elsewhere and runs nothing that stands inside HTML. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** The build puts a hash of the content into these names: what is under one never changes. */
const HASHED_NAME = /-[\w-]{8,}\.\w+$/
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Kiseki</title>
<h1>The page is not built</h1>
<p>The APIs work. For the page, run <code>npm run build</code> in the checkout and load this again,
or name the folder of a built page in <code>KISEKI_UI_DIR</code>.</p>
`

/**
 * Answers all that no route takes: files of the page, and `index.html` for every other path, because the page
 * has its own addresses. Unknown paths below `/api` and outside of the base path are not found.
 */
export function uiAssets(options: UiAssetsOptions): Handler {
  return async request => {
    const path = withoutBasePath(request.path, options.basePath)
    if (path === undefined || path === '/api' || path.startsWith('/api/')) return notFound()
    if (request.method !== 'GET' && request.method !== 'HEAD') return { ...notFound(), status: 405 }
    const extension = extname(path)
    if (extension === '.html' || !TYPES.has(extension)) return indexPage(options)
    return assetFile(request, options, path)
  }
}

function notFound(): HttpResponse {
  const response = text(404, '404 page not found\n')
  return { ...response, headers: { ...response.headers, 'x-content-type-options': 'nosniff' } }
}

async function assetFile(
  request: HttpRequest,
  options: UiAssetsOptions,
  path: string,
): Promise<HttpResponse> {
  const file = fileBelow(options.dir, path)
  const found = file === undefined ? undefined : await readAsset(file)
  if (found === undefined) return notFound()
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': TYPES.get(extname(path)) ?? 'application/octet-stream',
    'cache-control': HASHED_NAME.test(path) ? FOR_EVER : ASK_AGAIN,
    etag: found.tag,
  }
  if (request.headers['if-none-match'] === found.tag) return { status: 304, headers }
  return { status: 200, headers, body: found.bytes }
}

async function indexPage(options: UiAssetsOptions): Promise<HttpResponse> {
  const found = await readAsset(join(options.dir, 'index.html'))
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': ASK_AGAIN,
  }
  if (found === undefined) return { status: 503, headers, body: NOT_BUILT }
  return { status: 200, headers, body: withBase(found.bytes.toString('utf8'), options.basePath) }
}

/** Relative addresses in the page count from the base path, whatever its own address is. */
function withBase(html: string, basePath: BasePath): string {
  const base = `<base href="${basePath}/">`
  const rewritten = html.replace(/<base\s+href="[^"]*"\s*\/?>/i, base)
  return rewritten === html && !html.includes(base)
    ? html.replace(/<head[^>]*>/i, head => `${head}${base}`)
    : rewritten
}

/** Undefined where the path leads out of the folder. */
function fileBelow(dir: string, path: string): string | undefined {
  const decoded = decode(path)
  if (decoded === undefined || decoded.includes('\0')) return undefined
  const root = resolve(dir)
  const file = resolve(root, `.${decoded}`)
  return file.startsWith(`${root}${sep}`) ? file : undefined
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

async function readAsset(file: string): Promise<{ bytes: Buffer; tag: string } | undefined> {
  try {
    const { mtimeMs, size } = await stat(file)
    return {
      bytes: await readFile(file),
      tag: `W/"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`,
    }
  } catch {
    return undefined
  }
}
