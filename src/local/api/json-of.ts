import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/** Objects of the store are JSON: that is how they came in. */
export function jsonOf(object: KubeObject): JsonObject {
  return object as unknown as JsonObject
}
