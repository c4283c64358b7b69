import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import { type BackgroundOptions, type BackgroundOutcome, startInBackground } from './background-process.ts'
import { answers, findRunningMesh, type RunningMesh } from './running-mesh.ts'

export interface MeshUpOptions extends Omit<BackgroundOptions, 'step'> {
  /** Told of each step when it is done. */
  readonly progress: (step: string) => void
}

export interface MeshUp {
  /** `running`: somebody had started it before, or was faster. */
  readonly status: 'started' | 'running'
  readonly mesh: RunningMesh
}

/** `osm up`: a local cluster that answers, in a process of its own. One that runs already stays as it is. */
export async function meshUp(options: MeshUpOptions): Promise<MeshUp> {
  const { stateDir, progress } = options
  const before = await findRunningMesh(stateDir)
  if (before !== undefined) return { status: 'running', mesh: await untilAnswers(before, options) }
  await makeFolder(stateDir)
  const outcome = await startInBackground({ ...options, step: progress })
  const mesh = await findRunningMesh(stateDir)
  if (outcome.status === 'ready') {
    if (mesh === undefined) throw gone(stateDir)
    return { status: 'started', mesh: await untilAnswers(mesh, options) }
  }
  if (options.signal.aborted) throw interrupted(options.signal)
  if (mesh === undefined) throw notStarted(outcome)
  return { status: 'running', mesh: await untilAnswers(mesh, options) }
}

/** Only for ourselves: it holds what lets one in. */
async function makeFolder(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_FLAG', `--state-dir cannot be used: ${messageOf(error)}`, {
      remedy: 'Name a folder that you may write to, or one that does not exist yet: --state-dir <folder>.',
      cause: error,
    })
  }
}

const ASK_AGAIN_MILLIS = 100

/** Another process may still be starting it. */
async function untilAnswers(
  mesh: RunningMesh,
  { signal }: Pick<MeshUpOptions, 'signal'>,
): Promise<RunningMesh> {
  while (!(await answers(mesh))) {
    const now = await findRunningMesh(mesh.stateDir)
    if (now?.runId !== mesh.runId) throw gone(mesh.stateDir)
    if (signal.aborted) {
      throw new KisekiError(
        'KISEKI_TIMEOUT',
        `process ${mesh.pid} has the state folder ${mesh.stateDir}, but its API does not answer`,
        { remedy: 'Give it more time, or end it: osm down.' },
      )
    }
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
  return mesh
}

function interrupted({ reason }: AbortSignal): KisekiError {
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError'
  const what = isLate
    ? 'the local cluster did not answer in time, and was ended'
    : 'the start was interrupted'
  return new KisekiError('KISEKI_TIMEOUT', what, {
    remedy: isLate ? 'Give it more time: --timeout.' : 'Nothing of it runs any more.',
  })
}

function gone(stateDir: string): KisekiError {
  return new KisekiError('KISEKI_API_FAILED', `the local cluster in ${stateDir} has just ended`, {
    remedy: 'Start it again: osm up.',
  })
}

function notStarted({ how, logFile, lastLines }: BackgroundOutcome & { status: 'ended' }): KisekiError {
  const said = lastLines.map(line => `\n  ${line}`).join('')
  return new KisekiError('KISEKI_API_FAILED', `the local cluster did not start: ${how}${said}`, {
    remedy: `Its whole log: ${logFile}`,
  })
}
