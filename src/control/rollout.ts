import { createSidecarCompiler, type SidecarCompiler } from '../mesh/compile/compile-sidecar.ts'
import type { MeshSnapshot } from '../mesh/compile/mesh-snapshot.ts'
import type { SidecarConfig } from '../model/sidecar-config.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import type { Counter } from '../runtime/metrics.ts'

export interface RolloutOptions {
  readonly gatherMillis: number
  readonly logger: Logger
  readonly failures: Counter
  readonly monotonicMillis: () => number
  /** Before each round, also when nobody listens. */
  readonly refresh: () => void
  readonly snapshot: () => MeshSnapshot
  /** Those that listen now. */
  readonly podUids: () => readonly string[]
  readonly offer: (podUid: string, config: SidecarConfig) => void
  /** After each round. */
  readonly done: () => void
}

/** Compiles for the sidecars that listen, and for nobody else. */
export interface Rollout {
  /** Something changed: soon there will be a round. */
  changed(): void
  /** For one that has just begun to listen. */
  offerTo(podUid: string): void
  stop(): Promise<void>
}

/** After so long, others get their turn before the round goes on. */
const SLICE_MILLIS = 10

export function createRollout(options: RolloutOptions): Rollout {
  let compiler: SidecarCompiler | undefined
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined
  let due = false
  let stopped = false

  /** A round that goes on after a change goes on with what is newest, so that no sidecar is led back. */
  function offerTo(podUid: string): void {
    try {
      compiler ??= createSidecarCompiler(options.snapshot())
      const config = compiler(podUid)
      if (config !== undefined) options.offer(podUid, config)
    } catch (error) {
      options.failures.add()
      options.logger.error('a SidecarConfig could not be compiled', { podUid, ...errorFields(error) })
    }
  }

  async function offerToAll(): Promise<void> {
    options.refresh()
    let sliceEnd = options.monotonicMillis() + SLICE_MILLIS
    for (const podUid of options.podUids()) {
      if (stopped) return
      offerTo(podUid)
      if (options.monotonicMillis() < sliceEnd) continue
      await new Promise(resolve => setImmediate(resolve))
      sliceEnd = options.monotonicMillis() + SLICE_MILLIS
    }
    options.done()
  }

  /** One round at a time: however much changes meanwhile is one more. */
  async function goRound(): Promise<void> {
    try {
      while (due && !stopped) {
        due = false
        await offerToAll()
      }
    } finally {
      round = undefined
    }
  }

  function begin(): void {
    timer = undefined
    due = true
    round ??= goRound()
  }

  return {
    changed() {
      compiler = undefined
      if (stopped) return
      timer ??= setTimeout(begin, options.gatherMillis)
    },
    offerTo,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await round
    },
  }
}
