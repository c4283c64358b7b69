import { type FailureCause, KubeFailure } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { defaulted } from './defaulting.ts'
import { embeddedProblems } from './embedded-resources.ts'
import { duplicateItems } from './list-uniqueness.ts'
import { type Pruned, pruned } from './pruning.ts'
import type { SchemaNode } from './schema-node.ts'
import { parseSchema } from './schema-parser.ts'
import { validateNode } from './validation.ts'

/**
 * What a CustomResourceDefinition says of the objects of one version. Objects come in as JSON, and are never
 * changed: what comes back shares with them what stayed the same.
 */
export interface ObjectSchema {
  /** What kube-apiserver refuses. With the object before an update, what did not change is let be. */
  validate(object: JsonObject, old?: JsonObject): readonly FailureCause[]
  withDefaults(object: JsonObject): JsonObject
  prune(object: JsonObject): Pruned<JsonObject>
  /** Places of rules (`x-kubernetes-validations`) that are not run: whoever serves the objects must say so. */
  readonly unsupported: readonly string[]
}

/**
 * Compiles an `openAPIV3Schema` (apiextensions.k8s.io/v1). Throws a `KubeFailure` of reason Invalid, with causes,
 * for keywords with values they cannot have; whether the schema is structural, `checkDefinition` says.
 */
export function compileSchema(openAPIV3Schema: JsonObject): ObjectSchema {
  const { node, problems, unsupported } = parseSchema(openAPIV3Schema, 'openAPIV3Schema')
  const [first] = problems
  if (first !== undefined) {
    throw new KubeFailure('Invalid', `${first.field}: ${first.message}`, { details: { causes: problems } })
  }
  return {
    validate: (object, old) => problemsOf(node, object, old),
    withDefaults(object) {
      const complete = defaulted(node, object)
      // Of an object an object is made.
      return complete as JsonObject
    },
    prune: object => pruned(node, object),
    unsupported,
  }
}

function problemsOf(node: SchemaNode, object: JsonObject, old?: JsonObject): readonly FailureCause[] {
  const before = old === undefined ? [] : duplicateItems(node, old)
  return [
    ...validateNode(node, { value: object, place: '', old }).causes,
    ...embeddedProblems(node, object),
    // Duplicates that were there before do not hinder an update.
    ...(before.length > 0 ? [] : duplicateItems(node, object)),
  ]
}
