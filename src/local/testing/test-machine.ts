import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, vi } from 'vitest'
import { EVENTS, PODS } from '../../kube/resources.ts'
import type { Container, Pod, PodSpec } from '../../model/kubernetes-pod.ts'
import { type LocalMachine, type LocalMachineOptions, startLocalMachine } from '../machine.ts'
import { isAlive, processStat } from '../runner/processes.ts'
import { SILENT } from './silent-logger.ts'

const namespace = 'default'
const ended: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A folder that is removed after the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kiseki-local-'))
  ended.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Stopped after the test. */
export async function testMachine(options: Partial<LocalMachineOptions> = {}): Promise<LocalMachine> {
  const stateDir = options.stateDir ?? (await scratchFolder())
  const machine = await startLocalMachine({
    resolveImage: () => undefined,
    logger: SILENT,
    stopMillis: 2000,
    ...options,
    stateDir,
  })
  ended.push(() => machine.stop())
  return machine
}

/** A container that runs a Node script. */
export function nodeContainer(script: string, extra: Partial<Container> = {}): Container {
  return { name: 'app', image: 'test', command: [process.execPath, '-e', script], ...extra }
}

export function shellContainer(script: string, extra: Partial<Container> = {}): Container {
  return { name: 'app', image: 'test', command: ['/bin/sh', '-c', script], ...extra }
}

export function podOf(containers: readonly Container[], spec: Partial<PodSpec> = {}, name = 'p'): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 2, ...spec, containers },
  }
}

export async function createPod(machine: LocalMachine, pod: Pod): Promise<Pod> {
  return machine.client.create(PODS, pod)
}

/** What a person would wait for. */
export async function eventually<T>(check: () => T | Promise<T>, timeout = 8000): Promise<T> {
  return vi.waitFor(check, { timeout, interval: 10 })
}

export async function getPod(machine: LocalMachine, name = 'p'): Promise<Pod> {
  return machine.client.get(PODS, { namespace, name })
}

export async function readAll(
  machine: LocalMachine,
  name = 'p',
  container = 'app',
): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of machine.readLogs({ namespace, name }, container)) lines.push(line)
  return lines
}

export async function eventMessages(machine: LocalMachine, reason: string): Promise<readonly string[]> {
  const { items } = await machine.client.list(EVENTS)
  return items.filter(event => event.reason === reason).map(event => event.message)
}

/** Whether a process runs: what has ended, and nobody asked how, does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  return processStat(pid).then(
    ({ ended: over }) => !over,
    () => process.platform !== 'linux',
  )
}

/** The numbers in the first line that a container prints. */
export async function printedNumbers(machine: LocalMachine, name = 'p'): Promise<readonly number[]> {
  return eventually(async () => {
    const [first] = await readAll(machine, name)
    if (first === undefined) throw new Error('nothing was printed yet')
    return first.split(' ').map(Number)
  })
}
