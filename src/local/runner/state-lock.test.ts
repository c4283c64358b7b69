import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockState } from './state-lock.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kiseki-lock-'))
})
afterEach(() => rm(dir, { recursive: true }))

const reaped: string[] = []
const lock = (runId: string) => lockState({ dir, runId, reap: async stale => void reaped.push(stale) })
const abandoned = (holder: object | string) =>
  writeFile(join(dir, 'run.lock'), typeof holder === 'string' ? holder : JSON.stringify(holder))

describe('the lock of a state folder', () => {
  it('is held by one run at a time, and leaves nothing behind', async () => {
    const first = await lock('one')
    await expect(lock('two')).rejects.toMatchObject({ code: 'KISEKI_STATE_IN_USE' })
    await first.release()
    const second = await lock('two')
    expect(await readdir(dir)).toEqual(['run.lock'])
    await second.release()
    expect(await readdir(dir)).toEqual([])
  })

  it('of a process that is gone is taken, after its children were ended', async () => {
    await abandoned({ runId: 'old', pid: 2 ** 22 + 1, startTime: '' })
    const taken = await lock('new')
    expect(reaped).toEqual(['old'])
    await taken.release()
  })

  it.runIf(process.platform === 'linux')('of another process with the same id is taken', async () => {
    await abandoned({ runId: 'old', pid: process.pid, startTime: '1' })
    await (await lock('new')).release()
  })

  it.each(['', 'garbage', '{}', '[]'])('that cannot be read (%j) is taken', async content => {
    await abandoned(content)
    await (await lock('new')).release()
    expect(await readdir(dir)).toEqual([])
  })

  it('that is abandoned is taken by one of many', async () => {
    await abandoned({ runId: 'old', pid: 2 ** 22 + 1, startTime: '' })
    const names = ['a', 'b', 'c', 'd', 'e']
    const tried = await Promise.allSettled(names.map(lock))
    const taken = tried.filter(result => result.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    for (const { value } of taken) await value.release()
    expect(await readdir(dir)).toEqual([])
  })
})
