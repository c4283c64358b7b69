/** A file of a volume. `mode` is its permission bits. */
export interface VolumeFile {
  readonly content: Buffer
  readonly mode: number
}

/** By path relative to the volume. */
export type VolumeFiles = ReadonlyMap<string, VolumeFile>

export const DEFAULT_FILE_MODE = 0o644

/** Throws an `Error` in the words of the kubelet where a path leads out of the volume. */
export function checkVolumePath(path: string): string {
  if (path === '') throw new Error('invalid path: must not be empty')
  if (path.startsWith('/')) throw new Error(`invalid path: must be relative path: ${path}`)
  if (path.split('/').includes('..')) throw new Error(`invalid path: must not contain '..': ${path}`)
  if (path.startsWith('..')) throw new Error(`invalid path: must not start with '..': ${path}`)
  return path
}

export function sameFiles(one: VolumeFiles, other: VolumeFiles): boolean {
  if (one.size !== other.size) return false
  for (const [path, { content, mode }] of one) {
    const twin = other.get(path)
    if (twin === undefined || twin.mode !== mode || !twin.content.equals(content)) return false
  }
  return true
}
