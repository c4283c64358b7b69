import type { KubeObject } from '../../model/kubernetes.ts'
import type { InstallValues } from './install-values.ts'
import { renderJaeger } from './jaeger-objects.ts'
import { renderMeshConfig } from './mesh-config-object.ts'
import { commonLabels } from './object-labels.ts'

/** What an installation creates, in the order in which it can be created. */
export function renderInstall(values: InstallValues): readonly KubeObject[] {
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: values.meshNamespace, labels: { name: values.meshNamespace, ...commonLabels(values) } },
  }
  return [namespace, renderMeshConfig(values), ...(values.deployJaeger ? renderJaeger(values) : [])]
}
