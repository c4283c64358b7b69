import { describe, expect, it } from 'vitest'
import type { ContainerState, ContainerStatus } from '../../model/kubernetes-pod.ts'
import { type PodSituation, podStatus } from './pod-status.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z') * 1000
const RUNNING: ContainerState = { running: { startedAt: '' } }
const WAITING: ContainerState = { waiting: { reason: 'ContainerCreating' } }
const ended = (exitCode: number): ContainerState => ({
  terminated: { exitCode, reason: 'x', finishedAt: '' },
})

function container(name: string, state: ContainerState, ready = false): ContainerStatus {
  return { name, image: 'i', ready, started: ready, restartCount: 0, state }
}

function status(situation: Partial<PodSituation>) {
  return podStatus({
    podIP: '127.64.0.3',
    startTime: '',
    initContainers: [],
    containers: [],
    conditions: [],
    now: NOW,
    ...situation,
  })
}

const conditionsOf = (situation: Partial<PodSituation>) =>
  Object.fromEntries((status(situation).conditions ?? []).map(({ type, status: holds }) => [type, holds]))

describe('the status of a pod', () => {
  it('is pending until every container has run', () => {
    expect(status({ containers: [container('a', RUNNING), container('b', WAITING)] }).phase).toBe('Pending')
    const crashed = { ...container('b', WAITING), lastState: ended(1) }
    expect(status({ containers: [container('a', RUNNING), crashed] }).phase).toBe('Running')
    expect(status({ initContainers: [container('i', RUNNING)], containers: [] }).phase).toBe('Pending')
  })

  it('is ready when all containers are', () => {
    const containers = [container('a', RUNNING, true), container('b', RUNNING)]
    expect(conditionsOf({ containers })).toEqual({
      PodScheduled: 'True',
      Initialized: 'True',
      ContainersReady: 'False',
      Ready: 'False',
    })
    const unready = status({ containers }).conditions?.find(({ type }) => type === 'Ready')
    expect(unready?.message).toBe('containers with unready status: [b]')
    expect(conditionsOf({ containers: [container('a', RUNNING, true)] })['Ready']).toBe('True')
  })

  it('says what has not been set up', () => {
    const conditions = conditionsOf({ podIP: undefined, initContainers: [container('i', ended(1))] })
    expect(conditions).toMatchObject({ PodScheduled: 'False', Initialized: 'False' })
  })

  it('is what it ended with', () => {
    const over = status({ outcome: 'Succeeded', containers: [container('a', ended(0))] })
    expect(over.phase).toBe('Succeeded')
    expect(over.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'PodCompleted' }),
    )
  })

  it('keeps the time of a transition while nothing changes', () => {
    const containers = [container('a', RUNNING, true)]
    const { conditions = [] } = status({ containers })
    const later = status({ containers, conditions, now: NOW + 60_000_000 })
    expect(later.conditions).toEqual(conditions)
    const unready = status({ containers: [container('a', RUNNING)], conditions, now: NOW + 60_000_000 })
    const ready = unready.conditions?.find(({ type }) => type === 'Ready')
    expect(ready?.lastTransitionTime).toBe('2026-01-02T03:05:05Z')
  })
})
