import { type FailureCause, KubeFailure } from '../../kube/kube-failure.ts'
import { type FieldSet, pathsOf } from './field-set.ts'
import type { ManagedEntry } from './managed-fields.ts'
import { describePath } from './path-element.ts'

/** What somebody owns and somebody else wants to be different. */
export interface OwnershipConflict {
  readonly entry: ManagedEntry
  readonly fields: FieldSet
}

/** The answer to an apply that needs `force`; kubectl prints the message and an advice of its own. */
export function applyConflict(conflicts: readonly OwnershipConflict[]): KubeFailure {
  const owners = conflicts
    .map(({ entry, fields }) => ({
      owner: describeOwner(entry),
      places: [...pathsOf(fields)].map(describePath),
    }))
    .sort((one, other) => (one.owner < other.owner ? -1 : 1))
  const causes = owners.flatMap(({ owner, places }) =>
    places.map(
      (field): FailureCause => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${owner}`,
        field,
      }),
    ),
  )
  const [only] = causes
  const text =
    only !== undefined && causes.length === 1
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${owners.map(describeConflicts).join('\n')}`
  return new KubeFailure('Conflict', `Apply failed with ${text}`, { details: { causes } })
}

function describeConflicts({ owner, places }: { owner: string; places: readonly string[] }): string {
  return [`conflicts with ${owner}:`, ...places.map(place => `- ${place}`)].join('\n')
}

function describeOwner({ manager, subresource, operation, apiVersion }: ManagedEntry): string {
  const name = JSON.stringify(manager)
  const named = subresource === undefined ? name : `${name} with subresource ${JSON.stringify(subresource)}`
  return operation === 'Apply' ? named : `${named} using ${apiVersion}`
}
