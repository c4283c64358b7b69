import { spawn } from 'node:child_process'
import { exitCodeOf, startFailure } from './exit.ts'
import { createOutputTail, type OutputTail } from './output-tail.ts'
import { sendSignal } from './processes.ts'

/** What a command in a container runs with. */
export interface ExecGround {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Puts real paths in the place of mount paths in a command. */
  readonly mounted: (text: string) => string
}

/** Runs a command once: undefined when it exits with 0, else what it said. Never rejects. */
export function askExec(
  command: readonly string[],
  { cwd, env, mounted }: ExecGround,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [program, ...args] = command.map(mounted)
  if (program === undefined) return Promise.resolve('the command is empty')
  return new Promise(resolve => {
    try {
      const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      const output = createOutputTail()
      let exitCode: number | undefined
      const endGroup = (): void => {
        if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL')
      }
      const over = (problem: string | undefined): void => {
        signal.removeEventListener('abort', stop)
        if (exitCode === undefined) endGroup()
        child.stdout.destroy()
        child.stderr.destroy()
        resolve(problem)
      }
      const stop = (): void =>
        over(
          exitCode === undefined ? `command ${JSON.stringify(command)} timed out` : outcome(exitCode, output),
        )
      signal.addEventListener('abort', stop)
      for (const stream of [child.stdout, child.stderr]) stream.on('data', piece => output.push(piece))
      child.once('error', error => over(startFailure(error).problem))
      child.once('exit', (code, killedBy) => {
        exitCode = exitCodeOf(code, killedBy)
        // What it has started may hold its output open.
        endGroup()
      })
      child.once('close', () => exitCode !== undefined && over(outcome(exitCode, output)))
    } catch (error) {
      resolve(startFailure(error).problem)
    }
  })
}

function outcome(exitCode: number, output: OutputTail): string | undefined {
  return exitCode === 0 ? undefined : output.text().trim() || `exit code ${exitCode}`
}
