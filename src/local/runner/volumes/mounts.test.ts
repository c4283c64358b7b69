import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VolumeMount } from '../../../model/kubernetes-pod.ts'
import { mountVolumes } from './mounts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiseki-mounts-'))
  await mkdir(join(folder, 'pod', 'volumes', 'work'), { recursive: true })
  await mkdir(join(folder, 'pod', 'volumes', 'other'))
  await mkdir(join(folder, 'machine', 'etc'), { recursive: true })
  await writeFile(join(folder, 'machine', 'etc', 'passwd'), 'root')
  await symlink(join(folder, 'machine'), join(folder, 'pod', 'volumes', 'host'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mount = (...mounts: readonly VolumeMount[]) =>
  mountVolumes({
    mounts,
    folderOf: name => (name === 'none' ? undefined : join(folder, 'pod', 'volumes', name)),
    root: join(folder, 'pod', 'root', 'app'),
    podFolder: join(folder, 'pod'),
    env: { PART: 'a' },
  })
const inRoot = (path: string) => join(folder, 'pod', 'root', 'app', path)

describe('the mounts of a container', () => {
  it('are folders below its root, also within each other, and again for its next run', async () => {
    const mounts = [
      { name: 'other', mountPath: '/work/in', subPathExpr: 'x/$(PART)' },
      { name: 'work', mountPath: '/work' },
    ]
    await mount(...mounts)
    await writeFile(inRoot('work/in/file'), 'kept')
    await mount(...mounts)
    expect(await readFile(join(folder, 'pod', 'volumes', 'other', 'x', 'a', 'file'), 'utf8')).toBe('kept')
  })

  it('take nothing away that a program has kept', async () => {
    await mkdir(join(folder, 'pod', 'volumes', 'work', 'in'))
    await writeFile(join(folder, 'pod', 'volumes', 'work', 'in', 'file'), 'kept')
    const nested = mount({ name: 'work', mountPath: '/work' }, { name: 'other', mountPath: '/work/in' })
    await expect(nested).rejects.toThrow('ENOTEMPTY')
  })

  it('never change the files of the machine', async () => {
    await mount({ name: 'host', mountPath: '/host' })
    expect(await readFile(inRoot('host/etc/passwd'), 'utf8')).toBe('root')
    for (const mountPath of ['/host/etc', '/host/new/deep']) {
      const nested = mount({ name: 'host', mountPath: '/host' }, { name: 'work', mountPath })
      await expect(nested).rejects.toThrow(`mount path ${mountPath} is inside of a hostPath`)
    }
    expect(await readdir(join(folder, 'machine'))).toEqual(['etc'])
  })

  it('must have a volume, and stay in it', async () => {
    await expect(mount({ name: 'none', mountPath: '/x' })).rejects.toThrow('volume "none" is not found')
    const outside = mount({ name: 'work', mountPath: '/x', subPath: '../other' })
    await expect(outside).rejects.toThrow("must not contain '..'")
  })
})
