import { isJsonObject } from '../../../model/json.ts'
import type { MeshConfigObject } from '../../../model/kubernetes.ts'

/** What the control plane has said of a MeshConfig. */
export interface Acceptance {
  readonly status: 'accepted' | 'refused' | 'pending' | 'unknown'
  /** For a person: `no: …`. */
  readonly text: string
}

export function acceptanceOf({ status, metadata }: MeshConfigObject): Acceptance {
  const fields = isJsonObject(status) ? status : {}
  const conditions = Array.isArray(fields['conditions']) ? fields['conditions'] : []
  const condition = conditions.filter(isJsonObject).find(({ type }) => type === 'Accepted')
  if (condition === undefined)
    return { status: 'unknown', text: 'unknown: the control plane has said nothing yet' }
  if (condition['status'] !== 'True')
    return { status: 'refused', text: `no: ${String(condition['message'])}` }
  if (fields['observedGeneration'] === metadata.generation) return { status: 'accepted', text: 'yes' }
  return { status: 'pending', text: 'not yet: the control plane has not seen the last change' }
}
