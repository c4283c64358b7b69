import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { kubectlFile } from '../../../scripts/kubectl-cache.ts'
import { readDemoDescription } from '../../../src/app/demo/demo-description.ts'
import { readImageTable } from '../../../src/app/mesh/image-table.ts'
import { startLocalMesh } from '../../../src/app/mesh/local-mesh.ts'
import { packageRoot } from '../../../src/app/package-root.ts'
import { createLogger } from '../../../src/runtime/logger.ts'
import { type Bash, openBash } from './bash.ts'

export interface Process {
  readonly pid: number
  readonly command: string
}

/** A person before a machine without a cluster: a shell with kubectl, osm and the environment that the page assumes. */
export interface World extends Bash {
  /** For files; all that is started knows its name. */
  readonly folder: string
  /** Those that live of all that was started here, or of one pod. */
  processes(pod?: string): Promise<readonly Process[]>
  /** Ends the cluster. */
  stop(): Promise<void>
  remove(): Promise<void>
}

const VERSION = '1.35'
const KUBECTL = kubectlFile(VERSION)

/** What is missing on this machine for the page to be typed. */
export const MISSING: string | undefined = existsSync(KUBECTL)
  ? undefined
  : `skipped: needs kubectl ${VERSION}, install with \`node scripts/fetch-kubectl.ts\``

export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'kiseki-seed-page-'))
  const { images } = await readDemoDescription(join(packageRoot(), 'demo', 'bookstore'))
  const mesh = await startLocalMesh({
    stateDir: join(folder, 'state'),
    images: [await readImageTable(images)],
    logger: createLogger({ component: 'test', level: 'error' }),
  })
  let stopped: Promise<void> | undefined
  return {
    ...openBash(await environment(folder, mesh.kubeconfig), packageRoot()),
    folder,
    stop() {
      stopped ??= mesh.stop()
      return stopped
    },
    processes: async (pod = '') =>
      (await processesThatKnow(folder)).filter(({ knows }) => knows.includes(pod)),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function environment(folder: string, kubeconfig: string): Promise<Record<string, string>> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await symlink(join(packageRoot(), 'bin', 'osm.cjs'), join(bin, 'osm'))
  await symlink(KUBECTL, join(bin, 'kubectl'))
  return {
    PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    // Here kubectl keeps what it has discovered.
    HOME: folder,
    KUBECONFIG: kubeconfig,
    K8S_NAMESPACE: 'osm-system',
    BOOKBUYER_NAMESPACE: 'bookbuyer',
  }
}

/** All of them have the folder in their environment, and pods their name; what they know is for looking at only. */
async function processesThatKnow(folder: string): Promise<readonly (Process & { readonly knows: string })[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    pids.map(async pid => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
      const [command, environ, status] = await Promise.all([read('cmdline'), read('environ'), read('status')])
      const knows = command + environ
      // A zombie has left already; only its parent has not noticed.
      const lives = status !== '' && !/^State:\s+Z/m.test(status)
      return lives && knows.includes(folder)
        ? [{ pid: Number(pid), command: command.replaceAll('\0', ' '), knows }]
        : []
    }),
  )
  return found.flat()
}
