import { chmod, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { VolumeFiles } from './volume-files.ts'

const DATA = '..data'

/**
 * Makes a folder show these files and no others, all at once for who reads: the files are written beside the old
 * ones, and one renamed link, `..data`, leads to the new ones. So the kubelet does it, and so programs that watch for
 * changes of `..data` expect it.
 */
export async function writeAtomically(folder: string, files: VolumeFiles): Promise<void> {
  await mkdir(folder, { recursive: true })
  const before = await readlink(join(folder, DATA)).catch(() => undefined)
  // No file of the volume may begin with two dots.
  const fresh = await mkdtemp(`${folder}/..`)
  await chmod(fresh, 0o755)
  for (const [path, { content, mode }] of files) {
    const file = join(fresh, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    await chmod(file, mode)
  }
  const link = join(folder, `${DATA}_tmp`)
  await rm(link, { force: true })
  await symlink(basename(fresh), link)
  await rename(link, join(folder, DATA))
  await showNames(folder, new Set([...files.keys()].map(path => path.split('/')[0] ?? path)))
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true })
}

/** The names that people see are links into `..data`, which change only when names come or go. */
async function showNames(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of names) {
    const shown = join(folder, name)
    if ((await readlink(shown).catch(() => undefined)) === join(DATA, name)) continue
    await rm(shown, { recursive: true, force: true })
    await symlink(join(DATA, name), shown)
  }
  for (const name of await readdir(folder)) {
    if (names.has(name) || name.startsWith('..')) continue
    // What is mounted in here is not ours.
    if ((await readlink(join(folder, name)).catch(() => '')) !== join(DATA, name)) continue
    await rm(join(folder, name), { force: true })
  }
}
