import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { defaultMeshConfig } from '../mesh/mesh-config/defaults.ts'
import { createRollout } from './rollout.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const GATHER_MILLIS = 20

afterEach(() => void vi.useRealTimers())

it('does one more round for all that changes while a round goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let rounds = 0
  let changes = 0
  let clock = 0
  const change = () => {
    rollout.changed()
    vi.advanceTimersByTime(GATHER_MILLIS)
  }
  const rollout = createRollout({
    gatherMillis: GATHER_MILLIS,
    logger: SILENT,
    failures: { value: 0, add() {} },
    // Each sidecar takes a slice of its own.
    monotonicMillis() {
      clock += 1000
      return clock
    },
    refresh() {
      rounds++
    },
    snapshot: () => ({
      meshName: 'osm',
      meshNamespace: 'osm-system',
      meshConfig: defaultMeshConfig(),
      namespaces: [],
      services: [],
      endpoints: [],
      pods: [],
      upstreamTrafficSettings: [],
      retries: [],
    }),
    podUids: () => Array.from({ length: 10 }, (_, i) => `pod-${i}`),
    offer() {},
    done() {},
  })
  change()
  // A round takes a turn for each sidecar; in each turn of the first something changes.
  for (let turn = 0; turn < 200; turn++) {
    await nextTurn()
    if (rounds > 1) continue
    changes++
    change()
  }
  await rollout.stop()
  expect(changes).toBeGreaterThan(5)
  expect(rounds).toBe(2)
})
