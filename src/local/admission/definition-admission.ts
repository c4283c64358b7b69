import { KubeFailure } from '../../kube/kube-failure.ts'
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { CustomResourceDefinition } from '../../model/kubernetes-cluster.ts'
import { withDefinitionStatus } from '../registry/definition-status.ts'
import { checkDefinition, unsupportedFeatures } from '../schema/definition-checks.ts'
import { invalidObject } from '../store/store-errors.ts'
import type { Admit } from './admission.ts'

export interface DefinitionAdmissionOptions {
  /** All definitions that there are. */
  readonly definitions: () => readonly KubeObject[]
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** Refuses definitions that cannot be served, and says of the others whether their names are free. */
export function createDefinitionAdmission(
  options: DefinitionAdmissionOptions,
): Admit<CustomResourceDefinition> {
  return (definition, previous) => {
    const { name } = definition.metadata
    const causes = checkDefinition(jsonOf(definition), previous && jsonOf(previous))
    if (causes.length > 0) throw invalidObject(CUSTOM_RESOURCE_DEFINITIONS, name, causes)
    checkSupported(definition)
    const others = options.definitions().filter(other => other.metadata.name !== name)
    return withDefinitionStatus(definition, others, options.now())
  }
}

function checkSupported(definition: CustomResourceDefinition): void {
  const unsupported = unsupportedFeatures(jsonOf(definition))
  if (unsupported.length > 0)
    throw new KubeFailure('NotImplemented', `not supported here: ${unsupported.join(', ')}`)
}

/** Objects of the store are JSON: that is how they came in. */
function jsonOf(value: object): JsonObject {
  return value as JsonObject
}
