import type { CustomResourceDefinition } from '../../model/kubernetes-cluster.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'
import type { JsonSchema } from './schema/json-schema.ts'
import { retrySchema } from './schema/retry-schema.ts'
import { upstreamTrafficSettingSchema } from './schema/upstream-traffic-setting-schema.ts'

const GROUP = 'policy.openservicemesh.io'

interface PolicyNames {
  readonly kind: string
  readonly plural: string
  readonly singular: string
}

/** What makes the API know policies about failures. They outlive a mesh: others may use them. */
export function renderPolicyDefinitions(values: InstallValues): readonly CustomResourceDefinition[] {
  return [
    definition(values, upstreamTrafficSettingSchema, {
      kind: 'UpstreamTrafficSetting',
      plural: 'upstreamtrafficsettings',
      singular: 'upstreamtrafficsetting',
    }),
    definition(values, retrySchema, { kind: 'Retry', plural: 'retries', singular: 'retry' }),
  ]
}

function definition(values: InstallValues, schema: JsonSchema, names: PolicyNames): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${GROUP}`, labels: commonLabels(values) },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { ...names, listKind: `${names.kind}List` },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Status', type: 'string', jsonPath: '.status.currentStatus' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  }
}
