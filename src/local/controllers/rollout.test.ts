import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KubeClient } from '../../kube/client.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'
import { createEventRecorder, type EventRecorder } from '../event-recorder.ts'
import { createLocalKubernetes } from '../kubernetes.ts'
import { SILENT } from '../testing/silent-logger.ts'
import type { Controller } from './controller.ts'
import { startControllers } from './controllers.ts'

const namespace = 'default'
const name = { namespace, name: 'shop' }
const now = () => Date.now() * 1000
let client: KubeClient
let controllers: Controller
let events: EventRecorder

beforeEach(() => {
  client = createLocalKubernetes({ now }).client
  events = createEventRecorder({ client, now, logger: SILENT })
  controllers = startControllers({ client, events, logger: SILENT, now })
})
afterEach(async () => {
  await controllers.close()
  await events.close()
})

const container = { name: 'a', image: 'example.test/shop:1' }
const deployment = (spec: Partial<Deployment['spec']> = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...name, annotations: { 'kubernetes.io/change-cause': 'first' } },
  spec: {
    selector: { matchLabels: { app: 'shop' } },
    template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [container] } },
    ...spec,
  },
})
const pods = async () => (await client.list(PODS, { namespace })).items
const replicaSets = async () => (await client.list(REPLICA_SETS, { namespace })).items
const shop = () => client.get(DEPLOYMENTS, name)
const patch = (spec: object) => client.patch(DEPLOYMENTS, name, { spec })
const image = (text: string) => ({ template: { spec: { containers: [{ ...container, image: text }] } } })
const progressing = async () => (await shop()).status?.conditions?.find(({ type }) => type === 'Progressing')
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 4000, interval: 5 })

async function run(pod: Pod): Promise<void> {
  const lastTransitionTime = new Date().toISOString()
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime }]
  await client.patch(
    PODS,
    pod.metadata,
    { status: { phase: 'Running', conditions } },
    { subresource: 'status' },
  )
}

async function runAll(count: number): Promise<void> {
  await eventually(async () => expect(await pods()).toHaveLength(count))
  for (const pod of await pods()) await run(pod)
}

describe('the rollout of a Deployment', () => {
  it('never has more or fewer pods than it may', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 4 }))
    await runAll(4)
    await eventually(async () => expect((await progressing())?.reason).toBe('NewReplicaSetAvailable'))
    await patch(image('example.test/shop:2'))
    const counts: number[] = []
    await eventually(async () => {
      const all = (await pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      counts.push(all.length)
      for (const pod of all) if (pod.status?.conditions === undefined) await run(pod)
      expect(all.map(pod => pod.spec.containers[0]?.image)).toEqual(Array(4).fill('example.test/shop:2'))
    })
    expect(Math.max(...counts)).toBeLessThanOrEqual(5)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3)
    await eventually(async () => expect((await progressing())?.reason).toBe('NewReplicaSetAvailable'))
  })

  it('that is paused waits until it is resumed, and can be scaled meanwhile', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 1 }))
    await runAll(1)
    await patch({ paused: true, replicas: 2, ...image('example.test/shop:2') })
    await runAll(2)
    await eventually(async () => expect((await progressing())?.reason).toBe('DeploymentPaused'))
    expect(await replicaSets()).toHaveLength(1)
    expect((await shop()).status?.updatedReplicas).toBe(0)
    await patch({ paused: null })
    await eventually(async () => expect(await replicaSets()).toHaveLength(2))
  })

  it('that does not get on is given up in time, as kubectl rollout status reads it', async () => {
    await client.create(DEPLOYMENTS, deployment({ progressDeadlineSeconds: 1 }))
    await eventually(async () =>
      expect(await progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' }),
    )
    await runAll(1)
    await eventually(async () => expect((await progressing())?.reason).toBe('NewReplicaSetAvailable'))
  })

  it('counts a pod as available when it has been ready for long enough', async () => {
    await client.create(DEPLOYMENTS, deployment({ minReadySeconds: 1 }))
    await runAll(1)
    await eventually(async () => expect((await shop()).status?.readyReplicas).toBe(1))
    expect((await shop()).status?.availableReplicas).toBe(0)
    await eventually(async () => expect((await shop()).status?.availableReplicas).toBe(1))
  })

  it('is remembered with its cause, as often as the Deployment says', async () => {
    await client.create(DEPLOYMENTS, deployment({ replicas: 0, revisionHistoryLimit: 1 }))
    const reached = (revision: number) =>
      eventually(async () =>
        expect((await shop()).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe(
          String(revision),
        ),
      )
    await reached(1)
    for (const revision of [2, 3]) {
      const metadata = { annotations: { 'kubernetes.io/change-cause': `change ${revision}` } }
      await client.patch(DEPLOYMENTS, name, { metadata, spec: image(`example.test/shop:${revision}`) })
      await reached(revision)
    }
    await eventually(async () =>
      expect(
        (await replicaSets())
          .map(({ metadata }) => metadata.annotations?.['kubernetes.io/change-cause'])
          .sort(),
      ).toEqual(['change 2', 'change 3']),
    )
  })

  it('starts again when its template gets another annotation, as kubectl rollout restart does', async () => {
    await client.create(DEPLOYMENTS, deployment())
    await runAll(1)
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' }
    await patch({ template: { metadata: { annotations } } })
    await eventually(async () => expect(await replicaSets()).toHaveLength(2))
  })
})
