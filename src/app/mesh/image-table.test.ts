import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { imageName, imageResolver, readImageTable } from './image-table.ts'

const dir = mkdtempSync(join(tmpdir(), 'kiseki-images-'))
afterAll(() => rmSync(dir, { recursive: true }))

function table(content: unknown): string {
  const file = join(dir, 'images.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

describe('images on one machine', () => {
  it('are known whatever their tag, digest or default registry', () => {
    for (const image of [
      'a/b',
      'a/b:1.2',
      'docker.io/a/b:latest',
      'a/b@sha256:0123',
      'docker.io/a/b:1@sha256:0123',
    ]) {
      expect(imageName(image)).toBe('a/b')
    }
    expect(imageName('registry.test:5000/a/b:1')).toBe('registry.test:5000/a/b')
    expect(imageName('mysql:5.6')).toBe('mysql')
  })

  it('become commands, with the folder of the table and our Node put in', async () => {
    const file = table({ 'x/shop': { command: ['node', '${dir}/shop.ts'], env: { A: 'b' } } })
    const resolveImage = imageResolver([new Map(), await readImageTable(file)])
    expect(resolveImage('x/shop:2')).toEqual({
      command: [process.execPath, join(dir, 'shop.ts')],
      env: { A: 'b' },
    })
    expect(resolveImage('x/other')).toBeUndefined()
  })

  it('are refused with the place of the mistake', async () => {
    await expect(readImageTable(table({ 'x/shop': { command: [] } }))).rejects.toThrow(
      'x/shop.command must be',
    )
    await expect(readImageTable(table({ 'x/shop': { command: ['a'], env: { A: 1 } } }))).rejects.toThrow(
      'x/shop.env.A',
    )
  })
})
