import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ground } from './ground.ts'
import type { Load } from './load.ts'

/** System calls a request by name, those that matter. */
export type SystemCalls = ReadonlyMap<string, number>

/** Fewer a request than that do not matter. */
const FEWEST = 0.005

/** Of some processes and their threads, while they get a load. */
export async function countSystemCalls(
  ground: Ground,
  pids: readonly number[],
  load: () => Promise<Load>,
): Promise<SystemCalls> {
  const file = join(ground.folder, 'strace')
  const strace = spawn(
    'strace',
    ['-c', '-f', '-U', 'calls,name', '-o', file, ...pids.flatMap(pid => ['-p', String(pid)])],
    { stdio: 'ignore' },
  )
  await attached(pids)
  const { requests } = await load()
  strace.kill('SIGINT')
  await once(strace, 'exit')
  return parse(readFileSync(file, 'utf8'), requests)
}

async function attached(pids: readonly number[]): Promise<void> {
  const traced = (pid: number): boolean =>
    !/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  while (!pids.every(traced)) await sleep(10)
}

function parse(report: string, requests: number): SystemCalls {
  const calls = new Map<string, number>()
  for (const line of report.split('\n')) {
    const [, count, name] = /^\s*(\d+)\s+(\w+)$/.exec(line) ?? []
    if (name === undefined || name === 'total') continue
    const each = Number(count) / requests
    if (each >= FEWEST) calls.set(name, each)
  }
  return calls
}
