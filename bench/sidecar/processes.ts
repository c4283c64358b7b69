import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const STARTED_WITHIN_MILLIS = 10_000

export function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A process and all that come from it; what has ended meanwhile is left out. */
export function withChildren(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(withChildren)]
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}

/** Starts a program on one core. */
export function startPinned(core: number, command: readonly string[], environment = {}): ChildProcess {
  return spawn('taskset', ['-c', String(core), ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  })
}

/** Ends it in order, and by force when that takes too long. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STARTED_WITHIN_MILLIS)
  await exited
  clearTimeout(force)
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
