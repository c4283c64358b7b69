import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface ChildProgram {
  /** What it printed so far. */
  readonly lines: readonly string[]
  /** Resolves when `found` is true of the lines; rejects with the log when the program ends first or 10 s pass. */
  readonly until: (found: (lines: readonly string[]) => boolean) => Promise<void>
  /** Its address, once it listens. */
  readonly url: () => Promise<string>
  readonly port: () => Promise<number>
  /** Sends the signal and resolves with the exit code; null when it was killed. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>
  readonly exited: Promise<number | null>
}

const WAIT_LIMIT_MS = 10_000

interface Waiting {
  readonly found: (lines: readonly string[]) => boolean
  readonly done: () => void
}

const readLines = (child: ChildProcess, onLine: (line: string) => void): void => {
  let rest = ''
  const read = (chunk: string): void => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    parts.forEach(onLine)
  }
  child.stdout?.setEncoding('utf8').on('data', read)
  child.stderr?.setEncoding('utf8').on('data', read)
}

/** Starts `<name>.ts` as a process of its own with exactly this environment, on a free port of 127.0.0.1. */
export const startProgram = (
  name: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ChildProgram => {
  const file = fileURLToPath(new URL(`../${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], {
    env: { HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let waiting: Waiting[] = []
  readLines(child, line => {
    lines.push(line)
    for (const one of waiting.filter(({ found }) => found(lines))) one.done()
  })
  const exited = once(child, 'close').then(([code]): number | null => code)
  const until: ChildProgram['until'] = found =>
    new Promise((resolve, reject) => {
      if (found(lines)) return resolve()
      const leave = (then: () => void) => (): void => {
        clearTimeout(timer)
        waiting = waiting.filter(one => one !== self)
        then()
      }
      const fail = leave(() => reject(new Error(`${name} did not say it:\n${lines.join('\n')}`)))
      const timer = setTimeout(fail, WAIT_LIMIT_MS)
      const self: Waiting = { found, done: leave(resolve) }
      waiting.push(self)
      void exited.then(fail)
    })
  const port = async (): Promise<number> => {
    const place = /on port (\d+)/
    await until(all => all.some(line => place.test(line)))
    return Number(lines.map(line => place.exec(line)?.[1]).find(Boolean))
  }
  return {
    lines,
    until,
    port,
    url: async () => `http://127.0.0.1:${await port()}`,
    end: (signal = 'SIGTERM') => {
      child.kill(signal)
      return exited
    },
    exited,
  }
}
