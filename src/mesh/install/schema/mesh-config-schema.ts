import { type JsonSchema, list, object, text, whole } from './json-schema.ts'
import { observabilitySchema } from './observability-schema.ts'
import { sidecarSchema } from './sidecar-schema.ts'
import { trafficSchema } from './traffic-schema.ts'
import {
  certificateSchema,
  clusterSetSchema,
  featureFlagsSchema,
  pluginChainsSchema,
  repoServerSchema,
} from './unused-schema.ts'

const conditionSchema: JsonSchema = object(
  {
    type: text(),
    status: text({ enum: ['True', 'False', 'Unknown'] }),
    reason: text(),
    message: text(),
    lastTransitionTime: text({ format: 'date-time' }),
    observedGeneration: whole(),
  },
  { required: ['type', 'status'] },
)

/** Written by the control plane: whether it took the configuration. */
const statusSchema: JsonSchema = object({
  observedGeneration: whole(),
  conditions: list(conditionSchema, {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  }),
  inForce: object({ generation: whole(), spec: text() }),
})

/**
 * A MeshConfig as the API takes it: never stricter than `parseMeshConfig`, and as strict as a schema can be. Defaults
 * are those of `defaultMeshConfig`, except for what is better left out: an address is resolved, not defaulted.
 */
export const meshConfigSchema: JsonSchema = object({
  apiVersion: text(),
  kind: text(),
  metadata: { type: 'object' },
  spec: object({
    clusterSet: clusterSetSchema,
    sidecar: sidecarSchema,
    repoServer: repoServerSchema,
    traffic: trafficSchema,
    observability: observabilitySchema,
    certificate: certificateSchema,
    featureFlags: featureFlagsSchema,
    pluginChains: pluginChainsSchema,
  }),
  status: statusSchema,
})
