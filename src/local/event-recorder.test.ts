import { describe, expect, it } from 'vitest'
import { EVENTS, PODS } from '../kube/resources.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import { createEventRecorder } from './event-recorder.ts'
import { createLocalKubernetes } from './kubernetes.ts'
import { SILENT } from './testing/silent-logger.ts'

const namespace = 'default'
const happening = (message: string) =>
  ({ type: 'Normal', reason: 'Tried', message, component: 'test' }) as const

async function recorder(bounds: { kept?: number; queued?: number } = {}) {
  let time = Date.parse('2026-01-01T00:00:00Z') * 1000
  const { client, store } = createLocalKubernetes({ now: () => time })
  const containers = [{ name: 'a', image: 'i' }]
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace }, spec: { containers } }
  const created = await client.create(PODS, pod)
  const events = createEventRecorder({ client, now: () => (time += 1_000_000), logger: SILENT, ...bounds })
  const again = () =>
    createEventRecorder({ client, now: () => (time += 1_000_000), logger: SILENT, ...bounds })
  return { events, again, pod: created, client, recorded: () => store.list(EVENTS).items }
}

describe('the event recorder', () => {
  it('writes what happened to whom', async () => {
    const { events, pod, recorded } = await recorder()
    events.record(pod, happening('one'))
    await events.close()
    expect(recorded()).toMatchObject([
      {
        type: 'Normal',
        reason: 'Tried',
        message: 'one',
        count: 1,
        source: { component: 'test' },
        involvedObject: { kind: 'Pod', namespace, name: 'p', uid: pod.metadata.uid },
      },
    ])
  })

  it('counts the same in one', async () => {
    const { events, pod, recorded } = await recorder()
    for (let i = 0; i < 3; i++) events.record(pod, happening('again'))
    await events.close()
    expect(recorded()).toMatchObject([
      { count: 3, firstTimestamp: '2026-01-01T00:00:01Z', lastTimestamp: '2026-01-01T00:00:03Z' },
    ])
  })

  it('counts on what a former run told of, and begins anew what somebody removed', async () => {
    const { events, again, pod, client, recorded } = await recorder()
    events.record(pod, happening('often'))
    await events.close()
    const next = again()
    next.record(pod, happening('often'))
    await next.close()
    expect(recorded()).toMatchObject([{ count: 2 }])
    for (const { metadata } of recorded()) await client.remove(EVENTS, metadata)
    next.record(pod, happening('often'))
    await next.close()
    expect(recorded()).toMatchObject([{ count: 1 }])
  })

  it('lists happenings in their order, also those of one moment', async () => {
    const { pod, client, recorded } = await recorder()
    const events = createEventRecorder({ client, now: () => 1_700_000_000_000_000, logger: SILENT })
    for (const message of ['c', 'a', 'b']) events.record(pod, happening(message))
    await events.close()
    expect(recorded().map(event => event.message)).toEqual(['c', 'a', 'b'])
  })

  it('keeps the latest only', async () => {
    const { events, pod, recorded } = await recorder({ kept: 2 })
    for (const message of ['a', 'b', 'a', 'c']) events.record(pod, happening(message))
    await events.close()
    expect(
      recorded()
        .map(event => event.message)
        .sort(),
    ).toEqual(['a', 'c'])
  })

  it('drops and counts what is too much at once', async () => {
    const { events, pod, recorded } = await recorder({ queued: 2 })
    for (const message of ['a', 'b', 'c', 'd', 'e']) events.record(pod, happening(message))
    await events.close()
    // The first one is being written when the others queue.
    expect(recorded()).toHaveLength(3)
    expect(events.dropped).toBe(2)
  })

  it('goes on when the namespace is gone', async () => {
    const { events, pod, recorded } = await recorder()
    events.record({ ...pod, metadata: { ...pod.metadata, namespace: 'absent' } }, happening('lost'))
    events.record(pod, happening('kept'))
    await events.close()
    expect(recorded().map(event => event.message)).toEqual(['kept'])
  })
})
