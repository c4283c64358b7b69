import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ground } from './ground.ts'

export type SystemCalls = ReadonlyMap<string, number>

/** Counts the system calls of a process and its threads while something runs. */
export async function countSystemCalls(
  ground: Ground,
  pids: readonly number[],
  during: () => Promise<unknown>,
): Promise<SystemCalls> {
  const file = join(ground.folder, 'strace')
  const strace = spawn(
    'strace',
    ['-c', '-f', '-U', 'calls,name', '-o', file, ...pids.flatMap(pid => ['-p', String(pid)])],
    { stdio: 'ignore' },
  )
  await attached(pids)
  await during()
  strace.kill('SIGINT')
  await once(strace, 'exit')
  return parse(readFileSync(file, 'utf8'))
}

async function attached(pids: readonly number[]): Promise<void> {
  const traced = (pid: number): boolean =>
    !/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  while (!pids.every(traced)) await sleep(10)
}

function parse(report: string): SystemCalls {
  const calls = new Map<string, number>()
  for (const line of report.split('\n')) {
    const [, count, name] = /^\s*(\d+)\s+(\w+)$/.exec(line) ?? []
    if (name !== undefined && name !== 'total') calls.set(name, Number(count))
  }
  return calls
}
