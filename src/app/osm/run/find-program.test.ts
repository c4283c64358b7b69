import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findProgram } from './find-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'kiseki-program-'))
const [one, two] = [join(folder, 'one'), join(folder, 'two')]
for (const bin of [one, two]) mkdirSync(bin)
for (const file of [join(one, 'plain'), join(two, 'plain'), join(two, 'app')]) writeFileSync(file, '')
for (const file of [join(two, 'plain'), join(two, 'app')]) chmodSync(file, 0o755)
mkdirSync(join(one, 'app'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('findProgram', () => {
  const place = { cwd: two, path: [one, two].join(delimiter) }

  it('finds the first file of the path that may be run', async () => {
    expect(await findProgram('plain', place)).toBe(join(two, 'plain'))
    expect(await findProgram('app', place)).toBe(join(two, 'app'))
  })

  it('finds paths from the current folder, and names only through the path', async () => {
    expect(await findProgram('./app', place)).toBe(join(two, 'app'))
    expect(await findProgram(join(two, 'app'), { ...place, path: '' })).toBe(join(two, 'app'))
    expect(await findProgram('app', { cwd: two, path: `${one}${delimiter}` })).toBe(join(two, 'app'))
    await expect(findProgram('app', { cwd: two, path: one })).rejects.toThrow(
      'cannot start "app": it is not in $PATH',
    )
  })

  it.each(['./none', '../one/plain', '../one/app', ''])('refuses %j', async program => {
    await expect(findProgram(program, place)).rejects.toMatchObject({ code: 'KISEKI_NOT_FOUND' })
  })
})
