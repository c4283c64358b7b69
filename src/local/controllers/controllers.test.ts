import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KubeClient } from '../../kube/client.ts'
import { DEPLOYMENTS, ENDPOINTS, EVENTS, PODS, REPLICA_SETS, SERVICES } from '../../kube/resources.ts'
import type { Service } from '../../model/kubernetes.ts'
import type { Pod, PodSpec } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'
import { createEventRecorder, type EventRecorder } from '../event-recorder.ts'
import { createLocalKubernetes } from '../kubernetes.ts'
import { SILENT } from '../testing/silent-logger.ts'
import type { Controller } from './controller.ts'
import { startControllers } from './controllers.ts'

const namespace = 'default'
const now = () => Date.now() * 1000
let client: KubeClient
let controllers: Controller
let events: EventRecorder
let refusePods: string | undefined

beforeEach(() => {
  refusePods = undefined
  const { client: plain } = createLocalKubernetes({ now })
  client = {
    ...plain,
    async create(resource, object) {
      if (resource.kind === 'Pod' && refusePods !== undefined) throw new Error(refusePods)
      return plain.create(resource, object)
    },
  }
  events = createEventRecorder({ client, now, logger: SILENT })
  controllers = startControllers({ client, events, logger: SILENT, now })
})
afterEach(async () => {
  await controllers.close()
  await events.close()
})

const container = { name: 'a', image: 'example.test/shop:1', ports: [{ name: 'web', containerPort: 8080 }] }

function deployment(spec: Partial<Deployment['spec']> = {}, podSpec: Partial<PodSpec> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop', namespace },
    spec: {
      selector: { matchLabels: { app: 'shop' } },
      template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [container], ...podSpec } },
      ...spec,
    },
  }
}

const withImage = (image: string) => ({
  spec: { template: { spec: { containers: [{ ...container, image }] } } },
})
const pods = async () => (await client.list(PODS, { namespace })).items
const replicaSets = async () => (await client.list(REPLICA_SETS, { namespace })).items
const shop = () => client.get(DEPLOYMENTS, { namespace, name: 'shop' })
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 2000, interval: 2 })

async function havePods(count: number): Promise<readonly Pod[]> {
  await eventually(async () => expect(await pods()).toHaveLength(count))
  return pods()
}

let lastAddress = 0
/** What the runner does. */
async function run(pod: Pod, ready: boolean): Promise<void> {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
  const podIP = pod.status?.podIP ?? `127.64.0.${++lastAddress}`
  const status = { phase: 'Running', podIP, conditions }
  await client.patch(PODS, pod.metadata, { status }, { subresource: 'status' })
}

async function end(pod: Pod): Promise<void> {
  await client.remove(PODS, pod.metadata, { gracePeriodSeconds: 0 })
}

describe('a Deployment', () => {
  it('becomes a ReplicaSet and its pods, that are named and owned as in Kubernetes', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 2 }))
    const [pod] = await havePods(2)
    const [replicaSet] = await replicaSets()
    expect(replicaSet?.metadata.name).toMatch(/^shop-[a-z0-9]{10}$/)
    expect(replicaSet?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Deployment', name: 'shop' })
    expect(pod?.metadata.name).toMatch(/^shop-[a-z0-9]{10}-[a-z0-9]{5}$/)
    const hash = replicaSet?.metadata.name.slice('shop-'.length)
    expect(pod?.metadata.labels).toEqual({ app: 'shop', 'pod-template-hash': hash })
    expect(pod?.metadata.ownerReferences?.[0]).toMatchObject({
      kind: 'ReplicaSet',
      uid: replicaSet?.metadata.uid,
      controller: true,
    })
  })

  it('says how many are there, ready and up to date', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 2 }))
    const [one, other] = await havePods(2)
    if (one === undefined || other === undefined) throw new Error('two pods')
    await run(one, true)
    await eventually(async () => {
      const { status } = await shop()
      expect(status).toMatchObject({
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 1,
        unavailableReplicas: 1,
      })
      expect(status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'Available', status: 'False' }),
      )
    })
    await run(other, true)
    await eventually(async () => {
      const { status, metadata } = await shop()
      expect(status).toMatchObject({ readyReplicas: 2, availableReplicas: 2, unavailableReplicas: 0 })
      expect(status?.observedGeneration).toBe(metadata.generation)
      expect(status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'Available', status: 'True' }),
      )
      const progressed = { type: 'Progressing', reason: 'NewReplicaSetAvailable' }
      expect(status?.conditions).toContainEqual(expect.objectContaining(progressed))
    })
  })

  it('replaces a pod that is gone', async () => {
    await client.create(DEPLOYMENTS, deployment())
    const [first] = await havePods(1)
    if (first === undefined) throw new Error('one pod')
    await client.remove(PODS, first.metadata)
    // Already while the first one ends.
    const both = await havePods(2)
    expect(both.filter(pod => pod.metadata.deletionTimestamp === undefined)).toHaveLength(1)
  })

  it('is scaled down by those that are not ready', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 3 }))
    const [, ready] = await havePods(3)
    if (ready === undefined) throw new Error('three pods')
    await run(ready, true)
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, { spec: { replicas: 1 } })
    await eventually(async () => {
      const staying = (await pods()).filter(pod => pod.metadata.deletionTimestamp === undefined)
      expect(staying.map(pod => pod.metadata.name)).toEqual([ready.metadata.name])
    })
  })

  it('with a new template keeps the old pods until the new ones are available', async () => {
    await client.create(DEPLOYMENTS, deployment())
    const [old] = await havePods(1)
    if (old === undefined) throw new Error('one pod')
    await run(old, true)
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, withImage('example.test/shop:2'))
    const both = await havePods(2)
    expect(both.every(pod => pod.metadata.deletionTimestamp === undefined)).toBe(true)
    const fresh = both.find(pod => pod.metadata.uid !== old.metadata.uid)
    if (fresh === undefined) throw new Error('a new pod')
    expect(fresh.spec.containers[0]?.image).toBe('example.test/shop:2')
    await run(fresh, true)
    await eventually(async () => {
      const { metadata } = await client.get(PODS, old.metadata)
      expect(metadata.deletionTimestamp).toBeDefined()
    })
    const revisions = (await replicaSets()).map(each => each.metadata.annotations)
    expect(revisions).toContainEqual({ 'deployment.kubernetes.io/revision': '2' })
  })

  it('that is rolled back takes its old ReplicaSet, as the newest revision', async () => {
    await client.create(DEPLOYMENTS, deployment())
    const [first] = await havePods(1)
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, withImage('example.test/shop:2'))
    await eventually(async () => expect(await replicaSets()).toHaveLength(2))
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, withImage('example.test/shop:1'))
    await eventually(async () => {
      const owner = first?.metadata.ownerReferences?.[0]?.name
      const old = (await replicaSets()).find(each => each.metadata.name === owner)
      expect(old?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3')
    })
  })

  it('with strategy Recreate ends the old pods first', async () => {
    await client.create(DEPLOYMENTS, deployment({ strategy: { type: 'Recreate' } }))
    const [old] = await havePods(1)
    if (old === undefined) throw new Error('one pod')
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, withImage('example.test/shop:2'))
    await eventually(async () =>
      expect((await client.get(PODS, old.metadata)).metadata.deletionTimestamp).toBeDefined(),
    )
    expect(await pods()).toHaveLength(1)
    await end(old)
    await eventually(async () =>
      expect((await pods()).map(pod => pod.spec.containers[0]?.image)).toEqual(['example.test/shop:2']),
    )
  })

  it('takes its pods along', async () => {
    await client.create(DEPLOYMENTS, deployment())
    const [pod] = await havePods(1)
    if (pod === undefined) throw new Error('one pod')
    await client.remove(DEPLOYMENTS, { namespace, name: 'shop' })
    await eventually(async () => {
      expect(await replicaSets()).toEqual([])
      expect((await client.get(PODS, pod.metadata)).metadata.deletionTimestamp).toBeDefined()
    })
  })

  it('says why its pods cannot be created, and creates them when they can', async () => {
    refusePods = 'no sidecar today'
    await client.create(DEPLOYMENTS, deployment())
    await eventually(async () => {
      const told = (await client.list(EVENTS, { namespace })).items
      expect(told).toContainEqual(
        expect.objectContaining({
          type: 'Warning',
          reason: 'FailedCreate',
          message: 'Error creating: no sidecar today',
        }),
      )
    })
    refusePods = undefined
    await havePods(1)
  })

  it('that says the same in another order is not rolled out again', async () => {
    await client.create(DEPLOYMENTS, deployment())
    await havePods(1)
    const { image, name, ports } = container
    const reordered = { spec: { template: { spec: { containers: [{ ports, image, name }] } } } }
    await client.patch(DEPLOYMENTS, { namespace, name: 'shop' }, reordered)
    await eventually(async () => {
      const { status, metadata } = await shop()
      expect(status?.observedGeneration).toBe(metadata.generation)
    })
    expect(await replicaSets()).toHaveLength(1)
  })
})

describe('the Endpoints of a Service', () => {
  const service = (spec: Partial<Service['spec']> = {}): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', namespace },
    spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }], ...spec },
  })
  const subsets = async () => (await client.get(ENDPOINTS, { namespace, name: 'shop' })).subsets

  it('are its pods, told apart by readiness, with their real port numbers', async () => {
    await client.create(SERVICES, service())
    await eventually(async () => expect(await subsets()).toEqual([]))
    await client.create(DEPLOYMENTS, deployment({ replicas: 2 }))
    const [one, other] = await havePods(2)
    if (one === undefined || other === undefined) throw new Error('two pods')
    await run(one, true)
    await run(other, false)
    const { name, uid } = one.metadata
    await eventually(async () => {
      expect(await subsets()).toMatchObject([
        {
          addresses: [{ ip: expect.any(String), targetRef: { kind: 'Pod', namespace, name, uid } }],
          notReadyAddresses: [{ targetRef: { name: other.metadata.name } }],
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        },
      ])
    })
    await client.remove(PODS, one.metadata)
    await eventually(async () => expect((await subsets())?.[0]).not.toHaveProperty('addresses'))
  })

  it('go with the Service', async () => {
    await client.create(SERVICES, service())
    await eventually(async () => expect(await subsets()).toEqual([]))
    await client.remove(SERVICES, { namespace, name: 'shop' })
    await eventually(async () => expect((await client.list(ENDPOINTS)).items).toEqual([]))
  })

  it('are left to others where the Service has no selector', async () => {
    const mine = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'shop', namespace } }
    const addresses = [{ ip: '192.0.2.1' }]
    await client.create(ENDPOINTS, { ...mine, subsets: [{ addresses, ports: [{ port: 80 }] }] })
    const { selector: _none, ...spec } = service().spec
    await client.create(SERVICES, { ...service(), spec })
    await client.create(SERVICES, { ...service(), metadata: { name: 'other', namespace } })
    await eventually(async () => expect((await client.list(ENDPOINTS)).items).toHaveLength(2))
    expect(await subsets()).toEqual([{ addresses, ports: [{ port: 80 }] }])
  })
})
