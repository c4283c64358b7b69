import { mkdir, open, rm, stat, symlink } from 'node:fs/promises'
import type { Volume } from '../../../model/kubernetes-pod.ts'

/**
 * A link to a path of this machine, after the check that its type asks for
 * (kubernetes.io/docs/concepts/storage/volumes/#hostpath). Throws an `Error` in the words of the kubelet.
 */
export async function linkHostPath(
  { path, type = '' }: NonNullable<Volume['hostPath']>,
  link: string,
): Promise<void> {
  if (type === 'DirectoryOrCreate') await mkdir(path, { recursive: true })
  if (type === 'FileOrCreate') await (await open(path, 'a')).close()
  const found = await stat(path).catch(() => undefined)
  if (type.startsWith('Directory') && found?.isDirectory() !== true)
    throw refused(`${path} is not a directory`)
  if (type.startsWith('File') && found?.isFile() !== true) throw refused(`${path} is not a file`)
  if (type === 'Socket' && found?.isSocket() !== true) throw refused(`${path} is not a socket file`)
  await rm(link, { force: true })
  await symlink(path, link)
}

function refused(reason: string): Error {
  return new Error(`hostPath type check failed: ${reason}`)
}
