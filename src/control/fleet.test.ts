import { describe, expect, it } from 'vitest'
import { type SidecarConfig, toRevision } from '../model/sidecar-config.ts'
import { createFleetBook } from './fleet.ts'

const first = toRevision('1')
const second = toRevision('2')
const config = (pod: string): SidecarConfig => ({
  revision: second,
  identity: {
    mesh: 'm',
    namespace: 'shop',
    pod,
    podUid: pod,
    workload: 'w',
    serviceAccount: 's',
    address: 'a',
  },
  inbound: { ports: {} },
  outbound: { hosts: {}, clusters: {}, egress: true },
  timeoutMillis: 1,
})

describe('the fleet', () => {
  it('knows what each sidecar runs, and what it refused', () => {
    const book = createFleetBook()
    book.connected('b')
    book.answered('b', { status: 'applied', revision: first })
    book.wanted('b', config('b'))
    book.answered('b', { status: 'refused', revision: second, reason: 'no such port' })
    const state = { podUid: 'b', namespace: 'shop', pod: 'b', workload: 'w', connected: true, wanted: second }
    const refused = { revision: second, reason: 'no such port' }
    expect(book.list()).toEqual([{ ...state, running: first, refused }])
    book.answered('b', { status: 'applied', revision: second })
    expect(book.list()).toEqual([{ ...state, running: second }])
  })

  it('takes no answers of sidecars that never listened', () => {
    const book = createFleetBook()
    expect(book.answered('b', { status: 'applied', revision: first })).toBe('unknown')
    expect(book.list()).toEqual([])
  })

  it('forgets those that are gone, and only them', () => {
    const book = createFleetBook()
    for (const uid of ['listening', 'away', 'gone']) book.connected(uid)
    book.disconnected('away')
    book.disconnected('gone')
    book.prune(uid => uid === 'away')
    expect(book.list().map(({ podUid, connected }) => [podUid, connected])).toEqual([
      ['away', false],
      ['listening', true],
    ])
  })
})
