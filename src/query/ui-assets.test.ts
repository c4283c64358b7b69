import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HttpResponse } from '../runtime/http-exchange.ts'
import { type BasePath, parseBasePath } from './base-path.ts'
import { uiAssets } from './ui-assets.ts'

const root = mkdtempSync(join(tmpdir(), 'kiseki-ui-'))
const dir = join(root, 'ui')
mkdirSync(join(dir, 'assets'), { recursive: true })
writeFileSync(join(dir, 'index.html'), '<!doctype html><html><head><title>x</title></head></html>')
writeFileSync(join(dir, 'assets/index-B1x_9kQz.js'), 'let a')
writeFileSync(join(dir, 'favicon.svg'), '<svg/>')
writeFileSync(join(root, 'secret.txt'), 'secret')
afterAll(() => rmSync(root, { recursive: true }))

async function get(
  path: string,
  options: { basePath?: BasePath; dir?: string; method?: string; tag?: string } = {},
): Promise<HttpResponse> {
  return uiAssets({ dir: options.dir ?? dir, basePath: options.basePath ?? '' })({
    method: options.method ?? 'GET',
    params: {},
    path,
    query: new URLSearchParams(),
    headers: options.tag === undefined ? {} : { 'if-none-match': options.tag },
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    body: async () => ({ status: 'aborted' }),
  })
}

describe('the files of the page', () => {
  it('have types, and caches that fit their names', async () => {
    const script = await get('/assets/index-B1x_9kQz.js')
    expect(script.status).toBe(200)
    expect(String(script.body)).toBe('let a')
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
      'x-content-type-options': 'nosniff',
    })
    const icon = await get('/favicon.svg')
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' })
    const again = await get('/favicon.svg', { tag: icon.headers?.['etag'] ?? '' })
    expect([again.status, again.body]).toEqual([304, undefined])
  })

  it('are not found where there is none, and never outside of the folder', async () => {
    for (const path of [
      '/assets/none.js',
      '/%2e%2e%2fsecret.txt',
      '/..%2fsecret.txt',
      '/a%00.txt',
      '/%zz.txt',
    ]) {
      const response = await get(path)
      expect(response.status).toBe(404)
    }
  })

  it('lead to the page under every address that is its own', async () => {
    for (const path of ['/', '/search', '/trace/1234', '/index.html', '/trace/a.b']) {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      })
      expect(response.headers?.['content-security-policy']).toContain("default-src 'none'")
    }
  })

  it('leave unknown API paths not found, as Jaeger does', async () => {
    for (const path of ['/api', '/api/', '/api/none']) {
      expect(await get(path)).toMatchObject({ status: 404, body: '404 page not found\n' })
    }
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })

  it('are below the base path alone', async () => {
    const basePath = '/jaeger'
    expect((await get('/', { basePath })).status).toBe(404)
    expect((await get('/jaegerx', { basePath })).status).toBe(404)
    expect((await get('/jaeger/favicon.svg', { basePath })).status).toBe(200)
    for (const path of ['/jaeger', '/jaeger/', '/jaeger/search']) {
      expect(String((await get(path, { basePath })).body)).toContain('<head><base href="/jaeger/"><title>')
    }
  })

  it('have their base rewritten where the page names one', async () => {
    const other = join(root, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'index.html'), '<head><base href="/" /></head>')
    expect((await get('/x/', { dir: other, basePath: '/x' })).body).toBe('<head><base href="/x/"></head>')
    expect((await get('/', { dir: other })).body).toBe('<head><base href="/"></head>')
  })

  it('say how to build them where they are missing', async () => {
    const response = await get('/', { dir: join(root, 'nowhere') })
    expect(response.status).toBe(503)
    expect(response.body).toContain('npm run build')
  })
})

describe('a base path', () => {
  it('is read with and without slashes at its end', () => {
    expect(
      ['', '/', '/a', '/a/', '/a/b-c.d', 'a', '//a', '/a/../b', '/a b', '/"'].map(parseBasePath),
    ).toEqual(['', '', '/a', '/a', '/a/b-c.d', undefined, undefined, undefined, undefined, undefined])
  })
})
