import type { Container, ContainerState, ContainerStatus } from '../../model/kubernetes-pod.ts'
import type { ContainerPlan, Refusal } from './container-plan.ts'
import type { Exit } from './exit.ts'

/** An event of a container's pod. */
export interface ContainerRecord {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

export interface FirstStatus {
  readonly container: Container
  /** Of the run before, if the pod is started anew. */
  readonly previous: ContainerStatus | undefined
  /** Whether it is left as it is where it ended before. */
  readonly isOver: (exitCode: number) => boolean
  readonly waiting: string
  readonly time: string
}

/** How a container begins. After a run that it was cut off from, as after the restart of a node: once more restarted. */
export function firstStatus({ container, previous, isOver, waiting, time }: FirstStatus): ContainerStatus {
  const { name, image } = container
  const state: ContainerState = { waiting: { reason: waiting } }
  const fresh = { name, image, ready: false, started: false, restartCount: 0, state }
  if (previous === undefined) return fresh
  const ended = previous.state.terminated
  if (ended !== undefined && isOver(ended.exitCode)) return previous
  const lastState = lastEnd(previous, time)
  if (lastState === undefined) return { ...fresh, restartCount: previous.restartCount }
  return { ...fresh, restartCount: previous.restartCount + 1, lastState }
}

/** Nobody saw how it ended. */
function lastEnd({ state, lastState }: ContainerStatus, finishedAt: string): ContainerState | undefined {
  if (state.terminated !== undefined) return state
  if (state.running === undefined) return lastState?.terminated === undefined ? undefined : lastState
  const { startedAt } = state.running
  return { terminated: { exitCode: 255, reason: 'Unknown', startedAt, finishedAt } }
}

export function terminated(
  { exitCode, problem }: Exit,
  startedAt: string,
  finishedAt: string,
): ContainerState {
  const reason = problem === undefined ? (exitCode === 0 ? 'Completed' : 'Error') : 'StartError'
  const message = problem === undefined ? {} : { message: problem }
  return { terminated: { exitCode, reason, startedAt, finishedAt, ...message } }
}

/** What the kubelet tells of a container that it cannot start. */
export function refusalRecords(
  { refused, message }: Refusal,
  { image }: Container,
  attempt: number,
): readonly ContainerRecord[] {
  const failed = (text: string): ContainerRecord => ({ type: 'Warning', reason: 'Failed', message: text })
  if (refused === 'CreateContainerConfigError') return [failed(`Error: ${message}`)]
  const pulling: ContainerRecord = { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` }
  const failures = [failed(`Failed to pull image "${image}": ${message}`), failed('Error: ErrImagePull')]
  return attempt === 0 ? [pulling, ...failures] : failures
}

/** As the kubelet, when a container was started; nothing is pulled here, so what runs for the image is said. */
export function startRecords(
  { name, image }: Container,
  { argv }: ContainerPlan,
): readonly ContainerRecord[] {
  const normal = (reason: string, message: string): ContainerRecord => ({ type: 'Normal', reason, message })
  return [
    normal('Pulled', `Container image "${image}" stands for ${shortened(argv.join(' '))} on this machine`),
    normal('Created', `Created container: ${name}`),
    normal('Started', `Started container ${name}`),
  ]
}

/** A command may be a whole script. */
const MOST_COMMAND_TEXT = 200

function shortened(command: string): string {
  return command.length > MOST_COMMAND_TEXT ? `${command.slice(0, MOST_COMMAND_TEXT)}…` : command
}
