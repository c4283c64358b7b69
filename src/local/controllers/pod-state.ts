import type { Pod } from '../../model/kubernetes-pod.ts'

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** Ended by itself: not counted, not sent to. */
export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export function isLeaving(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}
