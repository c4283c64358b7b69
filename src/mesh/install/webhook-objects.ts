import type { KubeObject } from '../../model/kubernetes.ts'
import { IGNORE_LABEL, MONITORED_BY_LABEL } from '../well-known-names.ts'
import {
  INJECT_PATH,
  INJECTOR,
  mutatingWebhookName,
  VALIDATE_PATH,
  validatingWebhookName,
  WEBHOOK_PORT,
} from './component-names.ts'
import type { InstallValues } from './install-values.ts'
import { componentLabels } from './object-labels.ts'

/** Of admissionregistration.k8s.io/v1, as far as it is written here. */
export interface WebhookConfiguration extends KubeObject {
  readonly webhooks: readonly Webhook[]
}

interface Webhook {
  readonly name: string
  readonly clientConfig: {
    readonly service: {
      readonly name: string
      readonly namespace: string
      readonly path: string
      readonly port: number
    }
    /** Base64 of PEM. Absent until the injector, when it starts, writes that of its authority. */
    readonly caBundle?: string
  }
  readonly rules: readonly {
    readonly apiGroups: readonly string[]
    readonly apiVersions: readonly string[]
    readonly operations: readonly ('CREATE' | 'UPDATE')[]
    readonly resources: readonly string[]
    readonly scope: 'Namespaced'
  }[]
  readonly namespaceSelector: {
    readonly matchLabels?: Readonly<Record<string, string>>
    readonly matchExpressions?: readonly {
      readonly key: string
      readonly operator: 'NotIn' | 'DoesNotExist'
      readonly values?: readonly string[]
    }[]
  }
  readonly failurePolicy: 'Fail' | 'Ignore'
  readonly matchPolicy: 'Exact'
  readonly sideEffects: 'None'
  readonly timeoutSeconds: number
  readonly admissionReviewVersions: readonly string[]
}

const TIMEOUT_SECONDS = 20
/** An installation puts the name of its namespace into this label. */
const NAMESPACE_NAME_LABEL = 'name'

export function renderWebhooks(values: InstallValues): readonly WebhookConfiguration[] {
  const labels = componentLabels(values, INJECTOR)
  const apiVersion = 'admissionregistration.k8s.io/v1'
  return [
    {
      apiVersion,
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: mutatingWebhookName(values.meshName), labels },
      webhooks: [injection(values)],
    },
    {
      apiVersion,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: validatingWebhookName(values.meshName), labels },
      webhooks: [validation(values)],
    },
  ]
}

/** A pod that should have a sidecar and cannot get one is not created: it would be outside of the mesh unnoticed. */
function injection(values: InstallValues): Webhook {
  return {
    ...common(values, INJECT_PATH),
    name: 'osm-inject.k8s.io',
    rules: [
      {
        apiGroups: [''],
        apiVersions: ['v1'],
        operations: ['CREATE'],
        resources: ['pods'],
        scope: 'Namespaced',
      },
    ],
    namespaceSelector: {
      matchLabels: { [MONITORED_BY_LABEL]: values.meshName },
      matchExpressions: [
        { key: IGNORE_LABEL, operator: 'DoesNotExist' },
        { key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: [values.meshNamespace] },
        { key: 'control-plane', operator: 'DoesNotExist' },
      ],
    },
    failurePolicy: 'Fail',
  }
}

/**
 * Says in words what is wrong. Where it does not answer, the schema still holds, and the control plane refuses the rest:
 * a MeshConfig must be changeable while the control plane is away.
 */
function validation(values: InstallValues): Webhook {
  return {
    ...common(values, VALIDATE_PATH),
    name: 'osm-validator.k8s.io',
    rules: [
      {
        apiGroups: ['config.openservicemesh.io'],
        apiVersions: ['v1alpha2'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['meshconfigs'],
        scope: 'Namespaced',
      },
    ],
    namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: values.meshNamespace } },
    failurePolicy: 'Ignore',
  }
}

function common(
  values: InstallValues,
  path: string,
): Omit<Webhook, 'name' | 'rules' | 'namespaceSelector' | 'failurePolicy'> {
  return {
    clientConfig: { service: { name: INJECTOR, namespace: values.meshNamespace, path, port: WEBHOOK_PORT } },
    matchPolicy: 'Exact',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
    admissionReviewVersions: ['v1'],
  }
}
