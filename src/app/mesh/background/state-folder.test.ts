import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockState } from '../../../local/runner/state-lock.ts'
import { localFolder } from '../local-folder.ts'
import { deleteState } from './delete-state.ts'
import { meshDown } from './mesh-down.ts'
import { openMeshLog } from './mesh-log.ts'
import { findRunningMesh } from './running-mesh.ts'

let home: string
let dir: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kiseki-state-'))
  dir = join(home, 'mesh')
  await mkdir(dir)
})
afterEach(() => rm(home, { recursive: true, force: true }))

const take = () => lockState({ dir, runId: randomUUID(), reap: async () => undefined })
const write = (...names: readonly string[]) => Promise.all(names.map(name => writeFile(join(dir, name), '')))

describe('findRunningMesh', () => {
  it('finds who has the folder, and nobody when it is given back or who had it is gone', async () => {
    expect(await findRunningMesh(dir)).toBeUndefined()
    const lock = await take()
    expect(await findRunningMesh(dir)).toMatchObject({
      pid: process.pid,
      kubeconfig: join(dir, 'kubeconfig'),
    })
    await lock.release()
    expect(await findRunningMesh(dir)).toBeUndefined()
    const gone = { runId: 'r', pid: process.pid, startTime: '1' }
    await writeFile(join(dir, 'run.lock'), JSON.stringify(gone))
    expect(await findRunningMesh(dir)).toBeUndefined()
  })
})

describe('meshDown', () => {
  it('has nothing to do where nothing runs', async () => {
    const signal = AbortSignal.timeout(1000)
    expect(await meshDown({ stateDir: dir, progress: () => undefined, signal })).toBe('absent')
  })
})

describe('localFolder', () => {
  it('is what the flag says, else where the kubeconfig in use is of a cluster that runs, else the usual one', async () => {
    const kubeconfig = join(dir, 'kubeconfig')
    const env = { XDG_STATE_HOME: home, KUBECONFIG: `/other/config:${kubeconfig}` }
    const usual = join(home, 'kiseki', 'mesh')
    expect(await localFolder({ env })).toBe(usual)
    const lock = await take()
    expect(await localFolder({ env })).toBe(dir)
    expect(await localFolder({ env: { XDG_STATE_HOME: home }, kubeconfig })).toBe(dir)
    expect(await localFolder({ env, stateDir: '/named' })).toBe('/named')
    await lock.release()
    expect(await localFolder({ env })).toBe(usual)
  })
})

describe('deleteState', () => {
  it('removes what a cluster has left, and the folder', async () => {
    await write('journal.ndjson', 'objects.json', 'kubeconfig', 'api-port', 'up.log', 'up.log.1')
    await mkdir(join(dir, 'pods'))
    await mkdir(join(dir, 'credentials'))
    expect(await deleteState(dir)).toEqual({ status: 'removed', kept: [] })
    expect(existsSync(dir)).toBe(false)
    expect(await deleteState(dir)).toEqual({ status: 'absent', kept: [] })
  })

  it('leaves what is of others, all of it where no cluster was', async () => {
    await write('journal.ndjson', 'thesis.doc')
    expect(await deleteState(dir)).toEqual({ status: 'kept', kept: ['thesis.doc'] })
    await write('kubeconfig')
    expect(await deleteState(dir)).toMatchObject({ status: 'kept' })
    expect(existsSync(join(dir, 'kubeconfig'))).toBe(true)
  })

  it('leaves a folder that is in use', async () => {
    await write('journal.ndjson')
    const lock = await take()
    expect(await deleteState(dir)).toMatchObject({ status: 'in-use' })
    await lock.release()
    expect(existsSync(join(dir, 'journal.ndjson'))).toBe(true)
  })
})

describe('the log of the background process', () => {
  it('shows the last lines since it was opened', async () => {
    await writeFile(join(dir, 'up.log'), 'of a former run\n')
    const log = await openMeshLog(dir)
    log.close()
    expect(await log.tail()).toEqual([])
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`)
    await writeFile(log.file, `${lines.join('\n')}\n`, { flag: 'a' })
    expect(await log.tail()).toEqual(lines.slice(-15))
  })

  it('begins anew when it has become long, and keeps the one before', async () => {
    await writeFile(join(dir, 'up.log'), Buffer.alloc(5_000_001))
    const log = await openMeshLog(dir)
    log.close()
    expect(await log.tail()).toEqual([])
    expect(existsSync(join(dir, 'up.log.1'))).toBe(true)
  })
})
