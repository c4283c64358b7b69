import { type ChildProcess, spawn } from 'node:child_process'

export interface Typed {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** A command that runs until it is ended, as `kubectl logs -f`. */
export interface Running {
  /** Waits until both streams together have it; fails, with what was printed, when the command ends before. */
  prints(expected: string | RegExp): Promise<string>
  /** As Ctrl-C does. */
  end(): Promise<void>
}

export interface Bash {
  /** Any exit code. */
  type(commands: string): Promise<Typed>
  start(commands: string): Running
}

/** A guard against hanging, not a promise. */
const PATIENCE_MILLIS = 60_000

/** A person's shell: each text is a script of its own. */
export function openBash(env: Readonly<Record<string, string>>, cwd: string): Bash {
  // In a process group of its own, so that Ctrl-C reaches all of a pipe.
  const shell = (commands: string) =>
    spawn('bash', ['--noprofile', '--norc', '-c', commands], {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    type(commands) {
      const child = shell(commands)
      const out = collect(child)
      return new Promise((resolve, reject) => {
        const guard = setTimeout(() => {
          interrupt(child, 'SIGKILL')
          reject(new Error(`does not end: ${commands}\n${out.stdout}${out.stderr}`))
        }, PATIENCE_MILLIS)
        child.once('close', code => {
          clearTimeout(guard)
          resolve({ ...out, code })
        })
      })
    },
    start: commands => running(shell(commands), commands),
  }
}

function running(child: ChildProcess, commands: string): Running {
  const out = collect(child)
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const printed = () => out.stdout + out.stderr
  return {
    prints(expected) {
      const found = () =>
        typeof expected === 'string' ? printed().includes(expected) : expected.test(printed())
      return new Promise((resolve, reject) => {
        const fail = (why: string) =>
          settle(() => reject(new Error(`${why} before it printed ${expected}: ${commands}\n${printed()}`)))
        const look = () => found() && settle(() => resolve(printed()))
        const end = () => found() || fail('ended')
        const guard = setTimeout(() => fail('time was up'), PATIENCE_MILLIS)
        const settle = (then: () => void) => {
          clearTimeout(guard)
          for (const stream of [child.stdout, child.stderr]) stream?.off('data', look)
          child.off('close', end)
          then()
        }
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
        child.once('close', end)
        if (!look() && ended()) end()
      })
    },
    async end() {
      if (!ended()) interrupt(child, 'SIGINT')
      await closed
    },
  }
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const out = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', text => {
    out.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    out.stderr += text
  })
  return out
}

function interrupt({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}
