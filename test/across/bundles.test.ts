import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { describe, expect, it } from 'vitest'
import { ensureBundle } from '../../src/app/bundles.ts'

/** A sidecar stands beside every app: it ships alone, and stays small. */
const SIDECAR_BYTES = 320_000

describe('the bundle of the sidecar', () => {
  it('is within its budget and needs nothing but Node', async () => {
    const source = await readFile(await ensureBundle('sidecar'), 'utf8')
    expect(Buffer.byteLength(source)).toBeLessThan(SIDECAR_BYTES)
    const required = [...source.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name = '']) => name)
    expect(required.length).toBeGreaterThan(0)
    expect(required.filter(name => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([])
  })
})
