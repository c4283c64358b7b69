import type { CustomResourceDefinition, CustomResourceVersion } from '../../model/kubernetes-cluster.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'
import { meshConfigSchema } from './schema/mesh-config-schema.ts'

const GROUP = 'config.openservicemesh.io'
const TRACING = '.spec.observability.tracing'

const COLUMNS: NonNullable<CustomResourceVersion['additionalPrinterColumns']> = [
  { name: 'Tracing', type: 'boolean', jsonPath: `${TRACING}.enable` },
  { name: 'Address', type: 'string', jsonPath: `${TRACING}.address` },
  { name: 'Sampled', type: 'string', jsonPath: `${TRACING}.sampledFraction` },
  { name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].status' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
]

/** What makes the API know MeshConfigs and refuse bad ones. It outlives a mesh: others may use it. */
export function renderMeshConfigDefinition(values: InstallValues): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `meshconfigs.${GROUP}`, labels: commonLabels(values) },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind: 'MeshConfig',
        listKind: 'MeshConfigList',
        plural: 'meshconfigs',
        singular: 'meshconfig',
      },
      versions: [
        {
          name: 'v1alpha2',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: COLUMNS,
          schema: { openAPIV3Schema: meshConfigSchema },
        },
      ],
    },
  }
}
