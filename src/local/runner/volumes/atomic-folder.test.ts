import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAtomically } from './atomic-folder.ts'
import { checkVolumePath } from './volume-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiseki-volume-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = (texts: Record<string, string>, mode = 0o644) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { content: Buffer.from(text), mode }]))
const shown = async () => (await readdir(folder)).filter(name => !name.startsWith('..')).sort()

describe('a folder that is written at once', () => {
  it('shows its files, with their modes', async () => {
    await writeAtomically(folder, files({ 'a.txt': 'one', 'dir/b': 'two' }, 0o400))
    expect(await shown()).toEqual(['a.txt', 'dir'])
    expect(await readFile(join(folder, 'dir', 'b'), 'utf8')).toBe('two')
    expect((await stat(join(folder, 'a.txt'))).mode & 0o777).toBe(0o400)
    expect(await readlink(join(folder, 'a.txt'))).toBe('..data/a.txt')
  })

  it('changes with one link, and keeps nothing of before', async () => {
    await writeAtomically(folder, files({ a: 'one', old: 'x' }))
    const before = await readlink(join(folder, '..data'))
    await writeAtomically(folder, files({ a: 'two', fresh: 'y' }))
    expect(await readlink(join(folder, '..data'))).not.toBe(before)
    expect(await shown()).toEqual(['a', 'fresh'])
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('two')
    expect((await readdir(folder)).length).toBe(4)
  })

  it.each(['', '/etc/passwd', 'a/../b', '..x', '..'])('has no file %j', path => {
    expect(() => checkVolumePath(path)).toThrow('invalid path')
  })
})
