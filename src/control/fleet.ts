import type { ConfigAnswer, Revision, SidecarConfig } from '../model/sidecar-config.ts'
import type { MeshConfigState } from './mesh-config-state.ts'

/** Which sidecar runs what. `GET /v1/fleet` prints it. */
export interface Fleet {
  readonly meshConfig: MeshConfigState
  /** By namespace and pod. Those whose pod is gone are not listed. */
  readonly sidecars: readonly SidecarState[]
}

interface SidecarState {
  readonly podUid: string
  /** Absent until something was compiled for it. */
  readonly namespace?: string
  readonly pod?: string
  readonly workload?: string
  /** It listens for configurations. */
  readonly connected: boolean
  /** The newest that was compiled for it. */
  readonly wanted?: Revision
  /** The last that it applied. */
  readonly running?: Revision
  /** Its last answer, when that was a refusal. */
  readonly refused?: { readonly revision: Revision; readonly reason: string }
}

/** Keeps the state of sidecars: of those that listen, and of those that did and whose pod is still there. */
export interface FleetBook {
  connected(podUid: string): void
  disconnected(podUid: string): void
  wanted(podUid: string, config: SidecarConfig): void
  /** `unknown`: no such sidecar ever listened. */
  answered(podUid: string, answer: ConfigAnswer): 'taken' | 'unknown'
  forget(podUid: string): void
  /** Forgets those that do not listen and of whom `exists` says no. */
  prune(exists: (podUid: string) => boolean): void
  list(): readonly SidecarState[]
}

export function createFleetBook(): FleetBook {
  const states = new Map<string, SidecarState>()

  function change(podUid: string, fields: Partial<SidecarState>): void {
    states.set(podUid, { connected: false, ...states.get(podUid), ...fields, podUid })
  }

  return {
    connected: podUid => change(podUid, { connected: true }),
    disconnected: podUid => change(podUid, { connected: false }),
    wanted(podUid, { revision, identity: { namespace, pod, workload } }) {
      change(podUid, { namespace, pod, workload, wanted: revision })
    },
    answered(podUid, answer) {
      const state = states.get(podUid)
      if (state === undefined) return 'unknown'
      const { refused: _, ...rest } = state
      const { revision } = answer
      states.set(
        podUid,
        answer.status === 'applied'
          ? { ...rest, running: revision }
          : { ...rest, refused: { revision, reason: answer.reason } },
      )
      return 'taken'
    },
    forget(podUid) {
      states.delete(podUid)
    },
    prune(exists) {
      for (const { podUid, connected } of [...states.values()])
        if (!connected && !exists(podUid)) states.delete(podUid)
    },
    list: () => [...states.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  }
}

function orderOf({ namespace = '', pod = '', podUid }: SidecarState): string {
  return `${namespace}/${pod}/${podUid}`
}
