import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findRunningMesh } from '../../../src/app/mesh/background/running-mesh.ts'
import { type Cluster, openCluster } from '../../../src/app/osm/cluster.ts'
import { processesWith } from '../../../src/local/runner/processes.ts'
import { RUN_VARIABLE } from '../../../src/local/runner/reaper.ts'

const OSM = join(import.meta.dirname, '..', '..', '..', 'bin', 'osm.cjs')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly out: () => string
  readonly err: () => string
}

/** The command line as a person uses it, in a home of its own, with no cluster known. */
export interface OsmUnderTest {
  readonly home: string
  readonly stateDir: string
  start(args: readonly string[], options?: { readonly cwd?: string }): Started
  run(...args: readonly string[]): Promise<Ended>
  /** The local cluster, from outside. */
  cluster(): Promise<Cluster>
  /** Ends all that was started, also what a failed test has left. */
  close(): Promise<void>
}

export async function openOsm(): Promise<OsmUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'kiseki-osm-test-'))
  const stateDir = join(home, 'kiseki', 'mesh')
  const env = environment(home)
  const children = new Set<Started>()
  const clusters: Cluster[] = []

  function start(args: readonly string[], { cwd = home }: { readonly cwd?: string } = {}): Started {
    const child = spawn(process.execPath, [OSM, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
    const ended = new Promise<Ended>(resolve => child.once('close', code => resolve({ code, ...output })))
    const started = { child, ended, out: () => output.out, err: () => output.err }
    children.add(started)
    void ended.then(() => children.delete(started))
    return started
  }

  return {
    home,
    stateDir,
    start,
    run: (...args) => start(args).ended,
    async cluster() {
      const cluster = await openCluster({ kubeconfig: join(stateDir, 'kubeconfig') })
      clusters.push(cluster)
      return cluster
    },
    async close() {
      await Promise.all(clusters.map(cluster => cluster.close()))
      for (const { child } of children) child.kill('SIGINT')
      await Promise.all([...children].map(({ ended }) => ended))
      await endMesh(stateDir)
      await rm(home, { recursive: true, force: true })
    },
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  const { KUBECONFIG: _, ...rest } = process.env
  return { ...rest, HOME: home, XDG_STATE_HOME: home, OSM_CONFIG: '' }
}

async function endMesh(stateDir: string): Promise<void> {
  const mesh = await findRunningMesh(stateDir)
  if (mesh === undefined) return
  process.kill(mesh.pid, 'SIGTERM')
  await until(async () => (await findRunningMesh(stateDir)) === undefined, 'the cluster has ended')
  await until(async () => (await podProcesses(mesh.runId)).length === 0, 'its pods have ended')
}

/** All that a run of the cluster has started. */
export function podProcesses(runId: string): Promise<readonly number[]> {
  return processesWith(RUN_VARIABLE, runId)
}

export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(50)) if (await holds()) return
  throw new Error(`waited in vain until ${what}`)
}
