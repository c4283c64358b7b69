import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../kube/resources.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import { createLocalKubernetes } from './kubernetes.ts'
import type { LocalMachine } from './machine.ts'
import {
  createPod,
  eventMessages,
  eventually,
  getPod,
  podOf,
  readAll,
  scratchFolder,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const namespace = 'default'
const state = (pod: Pod) => pod.status?.containerStatuses?.[0]
const isUp = async (machine: LocalMachine, name = 'p') =>
  eventually(async () => {
    const pod = await getPod(machine, name)
    expect(state(pod)?.ready).toBe(true)
    return pod
  })

async function twoRuns(): Promise<() => Promise<LocalMachine>> {
  const kubernetes = createLocalKubernetes({ now: () => Date.now() * 1000 })
  const stateDir = await scratchFolder()
  return () => testMachine({ kubernetes, stateDir })
}

describe('a machine whose API has pods of a former run', () => {
  it('starts them anew: the same pods, once more restarted, with what they kept', async () => {
    const start = await twoRuns()
    const first = await start()
    const container = shellContainer('echo run >> /work/runs; cat /work/runs; exec sleep 60', {
      volumeMounts: [{ name: 'work', mountPath: '/work' }],
    })
    await createPod(first, podOf([container], { volumes: [{ name: 'work', emptyDir: {} }] }))
    const before = await isUp(first)
    await first.stop()
    const second = await start()
    const after = await eventually(async () => {
      const pod = await getPod(second)
      expect(state(pod)).toMatchObject({ ready: true, restartCount: 1 })
      return pod
    })
    expect(after.metadata.uid).toBe(before.metadata.uid)
    expect(after.status?.phase).toBe('Running')
    expect(state(after)?.lastState?.terminated).toBeDefined()
    await eventually(async () => expect((await readAll(second)).slice(-2)).toEqual(['run', 'run']))
  })

  it('ends those that are never restarted, and finishes those that were ending', async () => {
    const start = await twoRuns()
    const first = await start()
    const forever = [shellContainer('exec sleep 60')]
    await createPod(first, podOf(forever, { restartPolicy: 'Never' }, 'once'))
    await createPod(first, podOf(forever, {}, 'leaving'))
    await isUp(first, 'once')
    await isUp(first, 'leaving')
    await first.stop()
    await first.client.remove(PODS, { namespace, name: 'leaving' })
    const second = await start()
    await eventually(async () => {
      const { status } = await getPod(second, 'once')
      expect(status).toMatchObject({ phase: 'Failed', reason: 'Terminated' })
      expect(status?.containerStatuses?.[0]?.state.terminated).toBeDefined()
    })
    await eventually(async () => expect((await second.client.list(PODS)).items).toHaveLength(1))
  })

  it('makes no second pods for Deployments, and goes on counting events', async () => {
    const start = await twoRuns()
    const first = await start()
    await first.client.create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop', namespace },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'shop' } },
        template: {
          metadata: { labels: { app: 'shop' } },
          spec: { containers: [shellContainer('exec sleep 60')] },
        },
      },
    })
    const uids = async (machine: LocalMachine) =>
      (await machine.client.list(PODS)).items.map(({ metadata }) => metadata.uid)
    const allUp = (machine: LocalMachine, restarts: number) =>
      eventually(async () => {
        const { items } = await machine.client.list(PODS)
        expect(items.map(pod => [state(pod)?.ready, state(pod)?.restartCount])).toEqual([
          [true, restarts],
          [true, restarts],
        ])
      })
    await allUp(first, 0)
    const before = await uids(first)
    await first.stop()
    const second = await start()
    await allUp(second, 1)
    expect(await uids(second)).toEqual(before)
    expect((await second.client.list(REPLICA_SETS)).items).toHaveLength(1)
    await eventually(async () => expect(await eventMessages(second, 'Started')).toHaveLength(2))
  })
})
