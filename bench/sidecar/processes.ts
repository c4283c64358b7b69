import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of `/proc/<pid>/stat`; the same on every Linux that matters. */
const TICKS_PER_SECOND = 100
const STARTED_WITHIN_MILLIS = 10_000

export interface CpuTime {
  readonly userSeconds: number
  readonly systemSeconds: number
}

export function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the process and its children have used. */
export function cpuTimeOf(pids: readonly number[]): CpuTime {
  let user = 0
  let system = 0
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    user += Number(fields[11])
    system += Number(fields[12])
  }
  return { userSeconds: user / TICKS_PER_SECOND, systemSeconds: system / TICKS_PER_SECOND }
}

export function residentMegabytes(pids: readonly number[]): number {
  const pages = pids.map(pid => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]))
  return (pages.reduce((sum, each) => sum + each, 0) * 4096) / 1e6
}

export function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

/** Starts a program on one core. */
export function startPinned(core: number, command: readonly string[], environment = {}): ChildProcess {
  const [program = '', ...args] = hasProgram('taskset')
    ? ['taskset', '-c', String(core), ...command]
    : command
  return spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  })
}

/** Resolves when something listens on the port. */
export async function listening(port: number): Promise<void> {
  const start = performance.now()
  for (;;) {
    const connected = await new Promise<boolean>(resolve => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('connect', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (connected) return
    if (performance.now() - start > STARTED_WITHIN_MILLIS) throw new Error(`nobody listens on port ${port}`)
    await sleep(50)
  }
}
