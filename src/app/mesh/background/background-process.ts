import { spawn } from 'node:child_process'
import { type MeshLog, openMeshLog } from './mesh-log.ts'
import { parseStartMessage } from './start-message.ts'

export interface BackgroundOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]]
  /** For its log; must exist. */
  readonly stateDir: string
  readonly step: (step: string) => void
  readonly signal: AbortSignal
}

/** `ended`: it did not get so far. */
export type BackgroundOutcome =
  | { readonly status: 'ready'; readonly apiUrl: string }
  | {
      readonly status: 'ended'
      readonly how: string
      readonly logFile: string
      readonly lastLines: readonly string[]
    }

/**
 * Starts a process that outlives us and the terminal, and waits until it says over the channel that it is ready, or
 * ends. When the signal aborts, it is asked to end.
 */
export async function startInBackground(options: BackgroundOptions): Promise<BackgroundOutcome> {
  const log = await openMeshLog(options.stateDir)
  let outcome: string | { readonly apiUrl: string }
  try {
    outcome = await started(options, log)
  } finally {
    log.close()
  }
  if (typeof outcome !== 'string') return { status: 'ready', apiUrl: outcome.apiUrl }
  return { status: 'ended', how: outcome, logFile: log.file, lastLines: await log.tail() }
}

/** How it ended, or where it answers. */
function started(
  { command, step, signal }: BackgroundOptions,
  { fd }: MeshLog,
): Promise<string | { readonly apiUrl: string }> {
  const [program, ...args] = command
  const child = spawn(program, args, {
    // A session of its own: the terminal's end is not its end.
    detached: true,
    // It must keep no folder from being removed.
    cwd: '/',
    env: ownEnvironment(process.env),
    stdio: ['ignore', fd, fd, 'ipc'],
  })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return new Promise<string | { readonly apiUrl: string }>(resolve => {
    child.on('message', value => {
      const message = parseStartMessage(value)
      if (message?.status === 'step') step(message.step)
      if (message?.status === 'ready') resolve(message)
    })
    child.on('error', error => resolve(error.message))
    child.on('exit', (code, by) => resolve(by === null ? `exit code ${code}` : `ended by ${by}`))
  }).finally(() => {
    signal.removeEventListener('abort', stop)
    if (child.connected) child.disconnect()
    child.unref()
  })
}

/** Without what ties a process to the launcher or the npm that started us. */
function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'KISEKI_LAUNCHER_FD' && !name.startsWith('npm_')),
  )
}
