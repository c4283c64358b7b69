import { createHash } from 'node:crypto'
import type { PodTemplate } from '../../model/kubernetes-pod.ts'

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const LENGTH = 10

export const TEMPLATE_HASH_LABEL = 'pod-template-hash'

/** The same for templates that say the same, in whatever order: or a patch that only reorders would start a rollout. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(template)))
    .digest()
  return Array.from(digest.subarray(0, LENGTH), byte => ALPHABET[byte % ALPHABET.length]).join('')
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([key, part]) => [key, canonical(part)])
}
