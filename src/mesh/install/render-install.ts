import type { KubeObject } from '../../model/kubernetes.ts'
import { renderAccess } from './access-objects.ts'
import { CONTROLLER, INJECTOR } from './component-names.ts'
import { renderController, renderInjector } from './control-plane-objects.ts'
import type { InstallValues } from './install-values.ts'
import { JAEGER, renderJaeger } from './jaeger-objects.ts'
import { renderMeshConfigDefinition } from './mesh-config-definition.ts'
import { renderMeshConfig } from './mesh-config-object.ts'
import { commonLabels } from './object-labels.ts'
import { renderPolicyDefinitions } from './policy-definitions.ts'
import { renderWebhooks } from './webhook-objects.ts'

/** A part of an installation that a person knows by name. */
export interface InstallComponent {
  readonly name: string
  readonly objects: readonly KubeObject[]
}

/**
 * What an installation creates, in the order in which it can be created. The webhooks come before the injector, which
 * writes its authority into them when it starts; nothing that comes after them has to pass one.
 */
export function renderComponents(values: InstallValues): readonly InstallComponent[] {
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: values.meshNamespace, labels: { name: values.meshNamespace, ...commonLabels(values) } },
  }
  return [
    { name: 'namespace', objects: [namespace] },
    { name: 'mesh-config', objects: [renderMeshConfigDefinition(values), renderMeshConfig(values)] },
    { name: 'policies', objects: renderPolicyDefinitions(values) },
    { name: 'access', objects: renderAccess(values) },
    ...(values.deployJaeger ? [{ name: JAEGER, objects: renderJaeger(values) }] : []),
    { name: 'webhooks', objects: renderWebhooks(values) },
    { name: CONTROLLER, objects: renderController(values) },
    { name: INJECTOR, objects: renderInjector(values) },
  ]
}

export function renderInstall(values: InstallValues): readonly KubeObject[] {
  return renderComponents(values).flatMap(({ objects }) => objects)
}
