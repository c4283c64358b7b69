import { describe, expect, it } from 'vitest'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import { rollingLimits, rollingSteps } from './rolling-update.ts'

const selector = { matchLabels: {} }
const template = { spec: { containers: [] } }

function deployment(
  replicas: number,
  rollingUpdate: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string } = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop' },
    spec: { replicas, selector, template, strategy: { rollingUpdate } },
  }
}

function set(name: string, replicas: number, available = replicas): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { replicas, selector, template },
    status: { replicas, readyReplicas: available, availableReplicas: available },
  }
}

const steps = (of: Deployment, current: ReplicaSet, ...old: readonly ReplicaSet[]) =>
  rollingSteps({ deployment: of, current, old }).map(({ replicaSet, replicas }) => [
    replicaSet.metadata.name,
    replicas,
  ])

describe('a rolling update', () => {
  it('adds as many as may surge, then takes as many as may be missing', () => {
    const four = deployment(4)
    expect(steps(four, set('new', 0), set('old', 4))).toEqual([['new', 1]])
    // One of four may be missing: 5 - 3 - the new one that does not work yet.
    expect(steps(four, set('new', 1, 0), set('old', 4))).toEqual([['old', 3]])
    expect(steps(four, set('new', 2, 0), set('old', 3))).toEqual([])
    expect(steps(four, set('new', 2, 2), set('old', 3))).toEqual([['old', 1]])
    expect(steps(four, set('new', 4, 4), set('old', 1))).toEqual([['old', 0]])
    expect(steps(four, set('new', 4))).toEqual([])
  })

  it('of one pod waits for the new one', () => {
    expect(steps(deployment(1), set('new', 0), set('old', 1))).toEqual([['new', 1]])
    expect(steps(deployment(1), set('new', 1, 0), set('old', 1))).toEqual([])
    expect(steps(deployment(1), set('new', 1), set('old', 1))).toEqual([['old', 0]])
  })

  it('takes those first that do not work', () => {
    const one = deployment(2, { maxSurge: 1, maxUnavailable: 0 })
    expect(steps(one, set('new', 1), set('broken', 1, 0), set('old', 1))).toEqual([['broken', 0]])
  })

  it('without surge takes first', () => {
    const none = deployment(2, { maxSurge: 0, maxUnavailable: 1 })
    expect(steps(none, set('new', 0), set('old', 2))).toEqual([['old', 1]])
  })

  it('scales', () => {
    expect(steps(deployment(1), set('new', 3))).toEqual([['new', 1]])
    expect(steps(deployment(3), set('new', 1))).toEqual([['new', 3]])
  })

  it.each([
    [10, {}, { surge: 3, unavailable: 2 }],
    [10, { maxSurge: '50%', maxUnavailable: 0 }, { surge: 5, unavailable: 0 }],
    [10, { maxSurge: 0, maxUnavailable: 0 }, { surge: 0, unavailable: 1 }],
    [2, { maxSurge: 0, maxUnavailable: '100%' }, { surge: 0, unavailable: 2 }],
  ])('of %d pods with %j has the limits %j', (replicas, limits, expected) => {
    expect(rollingLimits(deployment(replicas, limits))).toEqual(expected)
  })
})
