import { expect, it } from 'vitest'
import type { ContainerState, Pod } from '../../../model/kubernetes-pod.ts'
import { podProgress } from './pod-progress.ts'

function pod(
  state: ContainerState,
  more: { readonly lastState?: ContainerState; readonly ready?: boolean } = {},
): Pod {
  const { lastState, ready = false } = more
  const status = { name: 'app', image: 'x', ready, started: true, restartCount: 0, state }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'apps' },
    spec: { containers: [{ name: 'app', image: 'x' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ ...status, ...(lastState === undefined ? {} : { lastState }) }],
    },
  }
}

const running = { running: { startedAt: '' } }
const ended = (exitCode: number, reason = 'Error', message?: string): ContainerState => ({
  terminated: { exitCode, reason, finishedAt: '', ...(message === undefined ? {} : { message }) },
})

it.each([
  [pod({ waiting: { reason: 'ContainerCreating' } }), { status: 'starting' }],
  [pod(running), { status: 'running' }],
  [pod(running, { ready: true }), { status: 'ready' }],
  [pod(ended(3)), { status: 'ended', exitCode: 3 }],
  [pod(running, { lastState: ended(4), ready: true }), { status: 'ended', exitCode: 4 }],
  [pod(ended(127, 'StartError', 'ENOENT')), { status: 'refused', reason: 'ENOENT' }],
  [
    pod({ waiting: { reason: 'CreateContainerConfigError', message: 'no' } }),
    { status: 'refused', reason: 'no' },
  ],
])('sees what has become of a process: %#', (seen, progress) => {
  expect(podProgress(seen, 'app')).toEqual(progress)
  expect(podProgress(seen, 'other')).toEqual({ status: 'starting' })
})
