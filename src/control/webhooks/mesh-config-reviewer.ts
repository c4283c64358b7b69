import { parseMeshConfig } from '../../mesh/mesh-config/parse.ts'
import type { ConfigProblem } from '../../mesh/mesh-config/section.ts'
import type { Verdict } from './admission-review.ts'
import type { Reviewer } from './webhook-server.ts'

/** Refuses a MeshConfig that the mesh could not use, naming each field and what it takes. */
export const reviewMeshConfig: Reviewer = ({ operation, kind, name, object }): Verdict => {
  const isWritten = operation === 'CREATE' || operation === 'UPDATE'
  if (!isWritten || kind.kind !== 'MeshConfig' || object === null) return { allowed: true }
  const outcome = parseMeshConfig(object['spec'])
  if ('config' in outcome) return { allowed: true }
  return {
    allowed: false,
    status: {
      // With this reason `kubectl` lists the causes, and `kubectl edit` opens the editor again.
      code: 422,
      reason: 'Invalid',
      message: outcome.problems.map(({ path, message }) => `${path} ${message}`).join('; '),
      details: { group: kind.group, kind: kind.kind, name, causes: outcome.problems.map(causeOf) },
    },
  }
}

function causeOf({ path, message }: ConfigProblem) {
  return { reason: 'FieldValueInvalid', field: path, message }
}
