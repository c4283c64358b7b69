import type { KubeObject } from '../../model/kubernetes.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'
import type { JsonSchema } from './schema/json-schema.ts'
import { meshConfigSchema } from './schema/mesh-config-schema.ts'

/** Of apiextensions.k8s.io/v1, as far as it is written here. */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly scope: 'Namespaced' | 'Cluster'
    readonly names: {
      readonly kind: string
      readonly listKind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames?: readonly string[]
    }
    readonly versions: readonly {
      readonly name: string
      readonly served: boolean
      readonly storage: boolean
      readonly subresources: { readonly status: Readonly<Record<string, never>> }
      readonly additionalPrinterColumns: readonly PrinterColumn[]
      readonly schema: { readonly openAPIV3Schema: JsonSchema }
    }[]
  }
}

interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'integer' | 'date'
  readonly jsonPath: string
}

const GROUP = 'config.openservicemesh.io'
const TRACING = '.spec.observability.tracing'

const COLUMNS: readonly PrinterColumn[] = [
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
