import { describe, expect, it } from 'vitest'
import { workloadOf } from './workload.ts'

const owned = (kind: string, name: string, labels: Record<string, string> = {}) =>
  workloadOf({
    metadata: {
      name: 'pod',
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }],
    },
  })

describe('the workload of a pod', () => {
  it('is the Deployment whose ReplicaSet controls it', () => {
    const hashed = owned('ReplicaSet', 'shop-v1-8ddcc47d9', { 'pod-template-hash': '8ddcc47d9' })
    expect(hashed).toEqual({ kind: 'Deployment', name: 'shop-v1' })
    expect(owned('ReplicaSet', 'shop-v1-0a1e', { 'pod-template-hash': '0a1e' }).name).toBe('shop-v1')
    expect(owned('ReplicaSet', 'shop-v1-8ddcc47d9').name).toBe('shop-v1')
  })

  it('is the ReplicaSet itself when no Deployment made it', () => {
    expect(owned('ReplicaSet', 'shop-backend')).toEqual({ kind: 'ReplicaSet', name: 'shop-backend' })
  })

  it('is another controller, or the pod that has none', () => {
    expect(owned('StatefulSet', 'mysql')).toEqual({ kind: 'StatefulSet', name: 'mysql' })
    expect(workloadOf({ metadata: { name: 'alone' } })).toEqual({ kind: 'Pod', name: 'alone' })
  })
})
