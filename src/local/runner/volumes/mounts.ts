import { lstat, mkdir, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { VolumeMount } from '../../../model/kubernetes.ts'
import { expandVariables } from '../variable-expansion.ts'
import { checkVolumePath } from './volume-files.ts'

export interface MountOptions {
  readonly mounts: readonly VolumeMount[]
  /** The folder of a volume; undefined where there is no such volume. */
  readonly folderOf: (volume: string) => string | undefined
  /** What the container takes for `/`. */
  readonly root: string
  /** For `subPathExpr`. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Makes the volumes of a container appear below its root, as links: `readOnly` is not kept, and a `subPath` shows
 * changes. Throws an `Error` where a volume or path cannot be had.
 */
export async function mountVolumes({ mounts, folderOf, root, env }: MountOptions): Promise<void> {
  await mkdir(root, { recursive: true })
  const variables = new Map(Object.entries(env))
  // What is mounted into another mount comes after it.
  const outerFirst = mounts.toSorted((one, other) => one.mountPath.length - other.mountPath.length)
  for (const { name, mountPath, subPath, subPathExpr } of outerFirst) {
    const folder = folderOf(name)
    if (folder === undefined) throw new Error(`volume "${name}" is not found`)
    const part = subPath ?? (subPathExpr === undefined ? '' : expandVariables(subPathExpr, variables))
    await link(part === '' ? folder : await partOf(folder, part), join(root, absolute(mountPath)))
  }
}

/** A part that is not there yet becomes a folder. */
async function partOf(folder: string, part: string): Promise<string> {
  const path = join(folder, checkVolumePath(part))
  if ((await stat(path).catch(() => undefined)) === undefined) await mkdir(path, { recursive: true })
  return path
}

async function link(target: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true })
  const found = await lstat(at).catch(() => undefined)
  // Of the run before. A real folder is what another mount has put here: it gives way, unless it holds something.
  if (found?.isSymbolicLink() === true) await rm(at)
  else if (found !== undefined) await rm(at, { recursive: true })
  await symlink(target, at)
}

/** Without `..`: nothing is mounted outside of the root. */
export function absolute(mountPath: string): string {
  return posix.normalize(`/${mountPath}`)
}
