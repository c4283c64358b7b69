import { type ChildProcess, spawn } from 'node:child_process'

export interface Outcome {
  /** Of the exit; null: it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that goes on. */
export interface Running {
  /** What it printed so far, both streams. */
  readonly printed: string
  /** Resolves with the first match in what it prints, or fails after a while. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<Outcome>
  /** As Ctrl-C does. */
  end(): Promise<Outcome>
}

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  readonly cwd?: string
}

/** Programs that a suite starts. None of them outlives `close`. */
export interface Programs {
  start(command: string, args: readonly string[], options: ProgramOptions): Running
  close(): Promise<void>
}

/** For one that hangs: a guard, not a promise. */
const PATIENCE_MILLIS = 40_000

export function createPrograms(): Programs {
  const running = new Map<ChildProcess, Promise<Outcome>>()

  return {
    start(command, args, options) {
      const { env, cwd } = options
      const child = spawn(command, args, { env, ...(cwd === undefined ? {} : { cwd }) })
      const program = follow(child, `${command.split('/').at(-1)} ${args.join(' ')}`)
      running.set(child, program.ended)
      void program.ended.finally(() => running.delete(child))
      // It may end without reading all.
      child.stdin.on('error', () => undefined)
      child.stdin.end(options.stdin ?? '')
      return program
    },
    async close() {
      for (const child of running.keys()) child.kill('SIGKILL')
      await Promise.all(running.values())
    },
  }
}

function follow(child: ReturnType<typeof spawn>, said: string): Running {
  const texts = { stdout: '', stderr: '', both: '' }
  const listeners = new Set<() => void>()
  const ended = new Promise<Outcome>(resolve => {
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MILLIS)
    child.once('close', code => {
      clearTimeout(patience)
      resolve({ code, stdout: texts.stdout, stderr: texts.stderr })
      for (const hear of [...listeners]) hear()
    })
    child.once('error', error => resolve({ code: null, stdout: '', stderr: String(error) }))
  })
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text
      texts.both += text
      for (const hear of [...listeners]) hear()
    })
  }
  return {
    get printed() {
      return texts.both
    },
    ended,
    until: pattern =>
      new Promise((resolve, reject) => {
        const hear = () => {
          const found = pattern.exec(texts.both)
          const over = child.exitCode !== null || child.signalCode !== null
          if (found === null && !over) return
          listeners.delete(hear)
          if (found === null) reject(new Error(`${said} ended without ${pattern}:\n${texts.both}`))
          else resolve(found)
        }
        listeners.add(hear)
        hear()
      }),
    end() {
      child.kill('SIGINT')
      return ended
    },
  }
}
