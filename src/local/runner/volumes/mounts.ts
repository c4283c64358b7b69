import { lstat, mkdir, realpath, rm, rmdir, stat, symlink } from 'node:fs/promises'
import { dirname, join, posix, sep } from 'node:path'
import type { VolumeMount } from '../../../model/kubernetes-pod.ts'
import { expandVariables } from '../variable-expansion.ts'
import { checkVolumePath } from './volume-files.ts'

export interface MountOptions {
  readonly mounts: readonly VolumeMount[]
  /** The folder of a volume; undefined where there is no such volume. */
  readonly folderOf: (volume: string) => string | undefined
  /** What the container takes for `/`; in the folder of the pod. */
  readonly root: string
  readonly podFolder: string
  /** For `subPathExpr`. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Makes the volumes of a container appear below its root, as links: `readOnly` is not kept, and a `subPath` shows
 * changes. Throws an `Error` where a volume or path cannot be had.
 */
export async function mountVolumes({ mounts, folderOf, root, podFolder, env }: MountOptions): Promise<void> {
  await mkdir(root, { recursive: true })
  const variables = new Map(Object.entries(env))
  // What is mounted into another mount comes after it.
  const outerFirst = mounts.toSorted((one, other) => one.mountPath.length - other.mountPath.length)
  for (const { name, mountPath, subPath, subPathExpr } of outerFirst) {
    const folder = folderOf(name)
    if (folder === undefined) throw new Error(`volume "${name}" is not found`)
    const part = subPath ?? (subPathExpr === undefined ? '' : expandVariables(subPathExpr, variables))
    const at = join(root, absolute(mountPath))
    await checkInside(podFolder, at, mountPath)
    await link(part === '' ? folder : await partOf(folder, part), at)
  }
}

/** A part that is not there yet becomes a folder. */
async function partOf(folder: string, part: string): Promise<string> {
  const path = join(folder, checkVolumePath(part))
  if ((await stat(path).catch(() => undefined)) === undefined) await mkdir(path, { recursive: true })
  return path
}

/** What is mounted into a `hostPath` would change the machine's own files. */
async function checkInside(podFolder: string, at: string, mountPath: string): Promise<void> {
  let parent = dirname(at)
  while ((await lstat(parent).catch(() => undefined)) === undefined) parent = dirname(parent)
  const [inside, real] = await Promise.all([realpath(podFolder), realpath(parent)])
  if (real === inside || real.startsWith(`${inside}${sep}`)) return
  throw new Error(`mount path ${mountPath} is inside of a hostPath, which is not supported on one machine`)
}

async function link(target: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true })
  const found = await lstat(at).catch(() => undefined)
  // Of the run before.
  if (found?.isSymbolicLink() === true) await rm(at)
  // An empty folder gives way. One that holds something does not: it may be all that a program has kept.
  else if (found?.isDirectory() === true) await rmdir(at)
  await symlink(target, at)
}

/** Without `..`: nothing is mounted outside of the root. */
export function absolute(mountPath: string): string {
  return posix.normalize(`/${mountPath}`)
}
