import type { Condition } from '../model/kubernetes.ts'

/** The conditions with this one in its place, as of now; one whose status stays keeps the time of its transition. */
export function withCondition(
  conditions: readonly Condition[],
  condition: Condition,
  time: string,
): readonly Condition[] {
  const old = conditions.find(({ type }) => type === condition.type)
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? time) : time
  const next = { ...condition, lastTransitionTime }
  return old === undefined ? [...conditions, next] : conditions.map(each => (each === old ? next : each))
}
