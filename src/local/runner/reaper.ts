import { type ChildProcess, spawn } from 'node:child_process'
import { errorFields, type Logger } from '../../runtime/logger.ts'
import { helperPath } from './helper-files.ts'

/** Marks every process of a run in its environment; what stands there is the run's id. */
export const RUN_VARIABLE = 'KISEKI_RUN'

/** Remembers process groups outside of this process, and ends them when it is gone. */
export interface Reaper {
  add(group: number): void
  remove(group: number): void
  /** Ends what is left, then itself. */
  close(): Promise<void>
}

export interface ReaperOptions {
  readonly runId: string
  readonly logger: Logger
  readonly helperDir?: string
  /** Between SIGTERM and SIGKILL. */
  readonly graceMillis?: number
}

const DEFAULT_GRACE_MILLIS = 3000
/** Between two beginnings of a reaper: one that cannot run would not run the next moment either. */
const AGAIN_MILLIS = 1000

export function startReaper(options: ReaperOptions): Reaper {
  const groups = new Set<number>()
  let closing = false
  let again: NodeJS.Timeout | undefined
  let current = begin()

  function begin(): ReaperProcess {
    const begun = performance.now()
    return spawnReaper(options, groups, problem => {
      if (closing) return
      options.logger.error('the reaper has ended', { problem })
      again = setTimeout(
        () => {
          current = begin()
        },
        Math.max(0, begun + AGAIN_MILLIS - performance.now()),
      )
    })
  }

  return {
    add(group) {
      groups.add(group)
      current.tell(`+${group}\n`)
    },
    remove(group) {
      groups.delete(group)
      current.tell(`-${group}\n`)
    },
    async close() {
      closing = true
      clearTimeout(again)
      await current.end()
    },
  }
}

/** Ends whatever a run has left behind. */
export async function reapRun(options: ReaperOptions): Promise<void> {
  await startReaper(options).close()
}

interface ReaperProcess {
  tell(line: string): void
  end(): Promise<void>
}

function spawnReaper(
  options: ReaperOptions,
  groups: ReadonlySet<number>,
  onExit: (problem: string) => void,
): ReaperProcess {
  const { runId, helperDir, graceMillis = DEFAULT_GRACE_MILLIS, logger } = options
  const args = [helperPath('reaper.mjs', helperDir), runId, String(graceMillis)]
  const child: ChildProcess = spawn(process.execPath, args, {
    detached: true,
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const exited = Promise.withResolvers<void>()
  const ended = (problem: string) => {
    exited.resolve()
    onExit(problem)
  }
  child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`))
  child.on('error', error => ended(error.message))
  child.stdin?.on('error', error => logger.debug('the pipe to the reaper failed', errorFields(error)))
  for (const group of groups) child.stdin?.write(`+${group}\n`)
  // It must not keep us alive: it is there for when we are gone.
  child.unref()
  return {
    tell: line => void child.stdin?.write(line),
    async end() {
      child.ref()
      child.stdin?.end()
      await exited.promise
    },
  }
}
