import type { Condition, MeshConfigObject } from '../model/kubernetes.ts'
import type { MeshConfigState } from './mesh-config-state.ts'

/** What is written into the `status` of the MeshConfig, for `kubectl describe`. */
export interface MeshConfigStatus {
  readonly observedGeneration?: number
  readonly conditions: readonly Condition[]
  /** The last that was accepted, for a control plane that starts when the one in `spec` cannot be used. */
  readonly inForce?: InForce
}

interface InForce {
  readonly generation?: number
  /** As JSON: a patch would leave fields of the one before. */
  readonly spec: string
}

const TYPE = 'Accepted'

/** Undefined: the object says it already. */
export function statusToWrite(
  object: MeshConfigObject,
  state: MeshConfigState,
  wallMillis: number,
): MeshConfigStatus | undefined {
  const wanted = conditionOf(state)
  const written = readStatus(object.status)
  const generation = object.metadata.generation
  const said = written.condition
  const at = generation === undefined ? {} : { generation }
  const inForce = state.status === 'refused' ? undefined : { ...at, spec: JSON.stringify(object.spec ?? {}) }
  const same = said?.status === wanted.status && said.message === wanted.message
  const kept = inForce === undefined || inForce.spec === written.inForce
  if (same && kept && written.observedGeneration === generation) return undefined
  const since = said?.status === wanted.status ? said.lastTransitionTime : undefined
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [{ ...wanted, lastTransitionTime: since ?? kubeTime(wallMillis) }],
    ...(inForce === undefined ? {} : { inForce }),
  }
}

/** What the `status` of a MeshConfig says was in force; undefined where it says nothing that could be read. */
export function specInForce(status: unknown): unknown {
  const { inForce } = readStatus(status)
  if (inForce === undefined) return undefined
  try {
    return JSON.parse(inForce)
  } catch {
    return undefined
  }
}

function conditionOf(state: MeshConfigState): Condition {
  if (state.status !== 'refused')
    return { type: TYPE, status: 'True', reason: 'Valid', message: 'the configuration is in force' }
  const problems = state.problems.map(({ path, message }) => `${path} ${message}`).join('; ')
  return {
    type: TYPE,
    status: 'False',
    reason: 'Invalid',
    message: `${problems}. The last good configuration stays in force`,
  }
}

/** As others may have left it. */
function readStatus(status: unknown): {
  observedGeneration?: unknown
  condition?: Partial<Condition>
  inForce?: string
} {
  const { observedGeneration, conditions, inForce } = objectOf(status)
  const { spec } = objectOf(inForce)
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : []
  const condition = list.map(objectOf).find(({ type }) => type === TYPE)
  return {
    observedGeneration,
    ...(condition === undefined ? {} : { condition }),
    ...(typeof spec === 'string' ? { inForce: spec } : {}),
  }
}

type StatusFields = Partial<Condition> & {
  readonly observedGeneration?: unknown
  readonly conditions?: unknown
  readonly inForce?: unknown
  readonly spec?: unknown
}

function objectOf(value: unknown): StatusFields {
  return typeof value === 'object' && value !== null ? value : {}
}

/** RFC 3339 in whole seconds, as all times of Kubernetes. */
function kubeTime(wallMillis: number): string {
  return `${new Date(wallMillis).toISOString().slice(0, 19)}Z`
}
