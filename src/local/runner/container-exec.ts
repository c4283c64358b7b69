import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access, constants } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { ExecGround } from './exec-probe.ts'
import type { PodContainer, ProcessGroups } from './pod-container.ts'
import { processesWith, sendSignal } from './processes.ts'

export interface ExecOptions {
  /** Whether there is something to read for the command. */
  readonly stdin: boolean
  /** Whether it has a terminal: then all it prints is on `stdout`. Needs `script` of util-linux. */
  readonly tty: boolean
}

/** A command that runs in a container. */
export interface ExecProcess {
  /** Absent without `stdin`. */
  readonly stdin?: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** How it ended. Never rejects. */
  readonly exited: Promise<{ readonly code?: number; readonly signal?: string }>
  /** Ends it, and what it has started. */
  kill(): void
}

/** Marks the processes of one command. */
const EXEC_VARIABLE = 'KISEKI_EXEC'
const SCRIPT = '/usr/bin/script'

/**
 * Runs a command with the environment and in the folder of a container, as its exec probes do. What it has started
 * ends with it, and it ends with the container. Fails in the words of container runtimes where it cannot be started.
 */
export async function execIn(
  container: PodContainer,
  command: readonly string[],
  { stdin, tty }: ExecOptions,
): Promise<ExecProcess> {
  const ground = container.ground()
  if (ground === undefined)
    throw new KubeFailure('NotFound', `container not found ("${container.supervisor.name}")`)
  const argv = command.map(ground.mounted)
  await checkProgram(argv[0], ground)
  const mark = randomUUID()
  const [program = '', ...args] = tty && (await isExecutable(SCRIPT)) ? inTerminal(argv) : argv
  const child = spawn(program, args, {
    cwd: ground.cwd,
    env: { ...ground.env, ...(tty ? { TERM: 'xterm' } : {}), [EXEC_VARIABLE]: mark },
    detached: true,
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  await spawned(child, argv[0] ?? '')
  return new RunningCommand(child, { mark, groups: container.groups })
}

class RunningCommand implements ExecProcess {
  readonly stdin?: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exited: ExecProcess['exited']
  readonly #child: ChildProcess
  readonly #mark: string

  constructor(
    child: ChildProcess,
    { mark, groups }: { readonly mark: string; readonly groups: ProcessGroups },
  ) {
    const { stdin, stdout, stderr, pid } = child
    if (stdout === null || stderr === null || pid === undefined) throw new Error('the command has no output')
    if (stdin !== null) {
      // What it does not read any more is not missed.
      stdin.on('error', () => undefined)
      this.stdin = stdin
    }
    this.stdout = stdout
    this.stderr = stderr
    this.#child = child
    this.#mark = mark
    groups.add(pid)
    this.exited = new Promise(done => {
      child.once('exit', (code, signal) => {
        this.#endRest()
        groups.remove(pid)
        done({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) })
      })
    })
  }

  kill(): void {
    this.#endRest()
  }

  /** Also what left the group: it may hold the output open. */
  #endRest(): void {
    const { pid } = this.#child
    if (pid !== undefined) sendSignal(-pid, 'SIGKILL')
    void processesWith(EXEC_VARIABLE, this.#mark).then(
      pids => {
        for (const each of pids) sendSignal(each, 'SIGKILL')
      },
      () => undefined,
    )
  }
}

/** Node has no terminals of its own; the size of this one is not known. */
function inTerminal(argv: readonly string[]): readonly string[] {
  const quoted = argv.map(text => `'${text.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  return [SCRIPT, '--quiet', '--return', '--flush', '--command', `exec ${quoted}`, '/dev/null']
}

function spawned(child: ChildProcess, program: string): Promise<void> {
  return new Promise((done, reject) => {
    child.once('spawn', done)
    child.once('error', error =>
      reject(cannotStart(`exec: ${JSON.stringify(program)}: ${error.message}`, error)),
    )
  })
}

/** Looked for before it is started, since a shell or terminal around it would say it in other words. */
async function checkProgram(program: string | undefined, { env, cwd }: ExecGround): Promise<void> {
  if (program === undefined || program === '')
    throw new KubeFailure('BadRequest', 'you must specify at least one command for the container')
  const name = JSON.stringify(program)
  if (program.includes('/')) {
    const file = resolve(cwd, program)
    if (await isThere(file)) {
      if (await isExecutable(file)) return
      throw cannotStart(`exec: ${name}: permission denied`)
    }
    throw cannotStart(`exec: ${name}: stat ${program}: no such file or directory`)
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (await isExecutable(join(resolve(cwd, folder), program))) return
  }
  throw cannotStart(`exec: ${name}: executable file not found in $PATH`)
}

function cannotStart(problem: string, cause?: unknown): KubeFailure {
  return new KubeFailure('InternalError', `exec failed: unable to start container process: ${problem}`, {
    cause,
  })
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
