import { setTimeout as delay } from 'node:timers/promises'
import { sendSignal } from '../../../local/runner/processes.ts'
import { KisekiError } from '../../../model/errors.ts'
import { answers, findRunningMesh, type RunningMesh } from './running-mesh.ts'

export interface MeshDownOptions {
  readonly stateDir: string
  readonly progress: (step: string) => void
  /** Ends the waiting, not the end of the cluster. */
  readonly signal: AbortSignal
}

const LOOK_MILLIS = 50

/** `osm down`: ends the cluster with all of its pods, in order. `absent`: none runs. */
export async function meshDown({
  stateDir,
  progress,
  signal,
}: MeshDownOptions): Promise<'stopped' | 'absent'> {
  const mesh = await findRunningMesh(stateDir)
  if (mesh === undefined) return 'absent'
  if (!mesh.isSure && !(await answers(mesh))) throw notSure(mesh)
  sendSignal(mesh.pid, 'SIGTERM')
  progress(`asked process ${mesh.pid} to end its pods, then itself`)
  while ((await findRunningMesh(stateDir))?.runId === mesh.runId) {
    if (signal.aborted) throw stillRunning(mesh)
    await delay(LOOK_MILLIS, undefined, { signal }).catch(() => undefined)
  }
  progress('it has ended')
  return 'stopped'
}

/** Where the system does not tell processes from later ones with their number, the API must. */
function notSure({ pid, stateDir }: RunningMesh): KisekiError {
  return new KisekiError(
    'KISEKI_CONFLICT',
    `process ${pid} may be another one than the cluster of ${stateDir}: its API does not answer`,
    { remedy: 'See what that process is, and end it yourself if it is the cluster.' },
  )
}

function stillRunning({ pid }: RunningMesh): KisekiError {
  return new KisekiError('KISEKI_TIMEOUT', `process ${pid} was asked to end, and still runs`, {
    remedy: `Wait for longer (--timeout), or end it at once: kill -9 ${pid}. Its pods end with it.`,
  })
}
