import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KisekiError, messageOf } from '../model/errors.ts'
import { packageRoot } from './package-root.ts'

/** Programs that are started as processes of their own, from one file each. */
export type BundleName = 'sidecar' | 'kiseki' | 'control' | 'osm'

/**
 * How Node runs the sidecar's bundle. What a request leaves behind lives shortly: a small place for it stays in the
 * processor's cache and spares 15 MB under load.
 */
export const SIDECAR_FLAGS: readonly string[] = ['--max-semi-space-size=2']

const ENTRIES: Readonly<Record<BundleName, string>> = {
  sidecar: 'src/sidecar/main.ts',
  kiseki: 'src/cli/kiseki/main.ts',
  control: 'src/cli/control/main.ts',
  osm: 'src/cli/osm/main.ts',
}

/**
 * The file of a bundle. In a checkout it is built when it is missing or older than the sources; in an
 * installed package it is there. CommonJS, because a sidecar takes half the memory that way.
 */
export async function ensureBundle(name: BundleName): Promise<string> {
  const root = packageRoot()
  const file = join(root, 'dist', `${name}.cjs`)
  await ensureFresh({
    root,
    name,
    sources: ['src'],
    output: file,
    build: scratch => buildBundle({ root, name, scratch, file }),
  })
  return file
}

/** The folder of the built page. */
export async function ensureUi(): Promise<string> {
  const root = packageRoot()
  const folder = join(root, 'dist', 'ui')
  await ensureFresh({
    root,
    name: 'ui',
    sources: ['src/ui', 'src/client', 'src/wire', 'src/trace', 'src/model'],
    output: folder,
    build: scratch => buildUi({ root, scratch, folder }),
  })
  return folder
}

interface Fresh {
  readonly root: string
  readonly name: string
  readonly sources: readonly string[]
  /** File or folder. */
  readonly output: string
  /** Builds into the scratch folder, then puts the result in its place with one rename. */
  readonly build: (scratch: string) => Promise<void>
}

async function ensureFresh(fresh: Fresh): Promise<void> {
  if (!existsSync(join(fresh.root, 'src'))) return
  const stampFile = join(fresh.root, 'dist', `${fresh.name}.stamp`)
  const stamp = await stampOf(fresh.root, [...fresh.sources, 'package-lock.json'])
  if (existsSync(fresh.output) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return
  // Others may build at the same time: each in a scratch folder of its own, the last rename wins.
  const scratch = join(fresh.root, 'dist', `.building-${fresh.name}-${process.pid}`)
  await mkdir(scratch, { recursive: true })
  try {
    await fresh.build(scratch)
    await writeFile(stampFile, stamp)
  } catch (error) {
    throw new KisekiError('KISEKI_BUILD_FAILED', `cannot build ${fresh.name}: ${messageOf(error)}`, {
      cause: error,
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Changes whenever a source file is added, removed or written. */
async function stampOf(root: string, sources: readonly string[]): Promise<string> {
  const parts: string[] = []
  for (const source of sources) {
    const path = join(root, source)
    const found = await stat(path)
    const files = found.isDirectory() ? await readdir(path, { recursive: true }) : ['']
    for (const file of files.sort()) {
      if (file.endsWith('.test.ts')) continue
      const { mtimeMs, size } = await stat(join(path, file))
      parts.push(`${source}/${file} ${mtimeMs} ${size}`)
    }
  }
  return parts.join('\n')
}

async function buildBundle(options: {
  root: string
  name: BundleName
  scratch: string
  file: string
}): Promise<void> {
  const { build } = await import('rolldown')
  const built = join(options.scratch, 'bundle.cjs')
  await build({
    input: join(options.root, ENTRIES[options.name]),
    platform: 'node',
    logLevel: 'warn',
    // Only a build needs them, and a bundle builds nothing.
    external: ['rolldown', 'vite'],
    output: {
      file: built,
      format: 'cjs',
      codeSplitting: false,
      minify: false,
      // They are for those who read the sources, but Node would keep them in memory.
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  })
  await rename(built, options.file)
}

async function buildUi(options: { root: string; scratch: string; folder: string }): Promise<void> {
  const { build } = await import('vite')
  const outDir = join(options.scratch, 'ui')
  await build({
    configFile: join(options.root, 'src/ui/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  })
  const old = `${options.scratch}-old`
  await rename(options.folder, old).catch(() => undefined)
  await rename(outDir, options.folder)
  await rm(old, { recursive: true, force: true })
}
