import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../../model/kubernetes-cluster.ts'
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

const TIMEOUT_SECONDS = 20
/** An installation puts the name of its namespace into this label. */
const NAMESPACE_NAME_LABEL = 'name'

/** Whose certificate they are to trust, the injector writes into them when it starts. */
export function renderWebhooks(
  values: InstallValues,
): readonly [MutatingWebhookConfiguration, ValidatingWebhookConfiguration] {
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
function injection(values: InstallValues): MutatingWebhook {
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
function validation(values: InstallValues): ValidatingWebhook {
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
): Omit<ValidatingWebhook, 'name' | 'rules' | 'namespaceSelector' | 'failurePolicy'> {
  return {
    clientConfig: { service: { name: INJECTOR, namespace: values.meshNamespace, path, port: WEBHOOK_PORT } },
    matchPolicy: 'Exact',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
    admissionReviewVersions: ['v1'],
  }
}
