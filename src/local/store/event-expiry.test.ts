import { describe, expect, it, onTestFinished } from 'vitest'
import { EVENTS } from '../../kube/resources.ts'
import type { KubeEvent } from '../../model/kubernetes.ts'
import { createLocalKubernetes } from '../kubernetes.ts'
import { expireEvents } from './event-expiry.ts'

const START = Date.parse('2026-01-02T03:04:05Z')
const HOUR = 3_600_000
const turn = () => new Promise(resolve => setImmediate(resolve))

function world() {
  let millis = START
  const now = () => millis * 1000
  const { store } = createLocalKubernetes({ now })
  const names = () => store.list(EVENTS).items.map(({ metadata }) => metadata.name)
  const open = () => {
    const expiry = expireEvents(store, now)
    onTestFinished(() => expiry.close())
  }
  const write = (name: string, extra: Partial<KubeEvent> = {}) =>
    store.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      type: 'Normal',
      reason: 'Started',
      message: 'it runs',
      source: { component: 'test' },
      count: 1,
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:04:05Z',
      ...extra,
    })
  return { names, open, write, pass: (passed: number) => (millis += passed) }
}

describe('events', () => {
  it('go an hour after they happened last', () => {
    const { names, open, write, pass } = world()
    write('old')
    write('again', { lastTimestamp: '2026-01-02T03:30:00Z' })
    pass(HOUR + 1000)
    open()
    expect(names()).toEqual(['again'])
  })

  it('go, the oldest first, where there are too many', async () => {
    const { names, open, write, pass } = world()
    open()
    write('oldest')
    pass(60_000)
    for (let index = 0; index < 10_000; index++) write(`e${index}`)
    await turn()
    expect(names()).toHaveLength(10_000)
    expect(names()).not.toContain('oldest')
  })
})
