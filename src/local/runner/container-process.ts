import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from './exit.ts'
import { exitCodeOf, startFailure } from './exit.ts'
import { isGroupRunning, processesWith, sendSignal } from './processes.ts'

export interface ProcessOptions {
  /** The program and its arguments. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** A variable of `env` that no other container has: what left the process group is found by it. */
  readonly mark: { readonly variable: string; readonly value: string }
  /** The next piece comes when this has resolved. */
  readonly onOutput: (stream: OutputStream, piece: Buffer) => Promise<void>
  /** Told of the group as long as it may have processes. */
  readonly groups: { add(group: number): void; remove(group: number): void }
}

export type OutputStream = 'stdout' | 'stderr'

/** A container's program and all that it starts: one process group. */
export interface ContainerProcess {
  /** Undefined where it could not be started. */
  readonly group: number | undefined
  /** Whether it could be started. */
  readonly started: Promise<boolean>
  /** When nothing of it runs any more, and its output is read. Never rejects. */
  readonly exited: Promise<Exit>
  /** SIGTERM, then SIGKILL after the grace period. Called again, it may only end sooner. */
  stop(graceMillis: number): void
}

const LOOK_MILLIS = 20
/** What SIGKILL does not end in this time is beyond us. */
const KILL_MILLIS = 2000
/** Output that somebody outside of the group still holds open is not waited for longer. */
const OUTPUT_MILLIS = 500

export function startProcess(options: ProcessOptions): ContainerProcess {
  try {
    return new SpawnedProcess(options)
  } catch (error) {
    const exited = Promise.resolve(startFailure(error))
    return { group: undefined, started: Promise.resolve(false), exited, stop: () => undefined }
  }
}

class SpawnedProcess implements ContainerProcess {
  readonly group: number | undefined
  readonly started: Promise<boolean>
  readonly exited: Promise<Exit>
  readonly #child: ChildProcess
  readonly #options: ProcessOptions
  /** When SIGKILL comes, in milliseconds of `performance.now()`; undefined while it shall run. */
  #killAt: number | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(options: ProcessOptions) {
    const [program, ...args] = options.argv
    const { cwd, env } = options
    this.#options = options
    this.#child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    this.group = this.#child.pid
    if (this.group !== undefined) options.groups.add(this.group)
    const child = this.#child
    this.started = new Promise(resolve => {
      child.once('spawn', () => resolve(true))
      child.once('error', () => resolve(false))
    })
    const leaderExited = new Promise<Exit>(resolve => {
      child.once('exit', (code, signal) => resolve({ exitCode: exitCodeOf(code, signal) }))
      child.once('error', error => resolve(startFailure(error)))
    })
    this.exited = this.#end(leaderExited)
  }

  stop(graceMillis: number): void {
    if (this.group === undefined) return
    if (this.#killAt === undefined) sendSignal(-this.group, 'SIGTERM')
    const killAt = performance.now() + graceMillis
    if (killAt >= (this.#killAt ?? Number.POSITIVE_INFINITY)) return
    this.#killAt = killAt
    clearTimeout(this.#killTimer)
    this.#killTimer = setTimeout(() => this.#kill(), graceMillis)
  }

  async #end(leaderExited: Promise<Exit>): Promise<Exit> {
    const output = Promise.all([this.#read('stdout'), this.#read('stderr')])
    const exit = await leaderExited
    if (this.group !== undefined) {
      await this.#endRest(this.group)
      this.#options.groups.remove(this.group)
    }
    clearTimeout(this.#killTimer)
    const patience = new AbortController()
    await Promise.race([
      output,
      sleep(OUTPUT_MILLIS, undefined, { signal: patience.signal }).catch(() => undefined),
    ])
    patience.abort()
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    await output
    return exit
  }

  /** A container ends with its first process. But one that was told to stop may be a shell that left its work behind. */
  async #endRest(group: number): Promise<void> {
    while (this.#isDraining() && (await isGroupRunning(group))) await sleep(LOOK_MILLIS)
    this.#kill()
    const { variable, value } = this.#options.mark
    const deadline = performance.now() + KILL_MILLIS
    for (;;) {
      const left = await processesWith(variable, value)
      for (const pid of left) sendSignal(pid, 'SIGKILL')
      if (left.length === 0 || performance.now() > deadline) return
      // It is over when nothing runs, not when the system has been told so.
      await sleep(LOOK_MILLIS)
    }
  }

  #isDraining(): boolean {
    return this.#killAt !== undefined && performance.now() < this.#killAt
  }

  #kill(): void {
    if (this.group !== undefined) sendSignal(-this.group, 'SIGKILL')
  }

  async #read(stream: OutputStream): Promise<void> {
    const readable: Readable | null = this.#child[stream]
    if (readable === null) return
    try {
      for await (const piece of readable) await this.#options.onOutput(stream, piece)
    } catch {
      // Cut off above, or the log cannot be written, which the log itself tells of.
    }
  }
}
