import type { KubeObject } from '../../model/kubernetes.ts'
import { CLUSTER_DOMAIN } from '../well-known-names.ts'
import {
  CONTROLLER,
  CONTROLLER_PORT,
  INJECTOR,
  INJECTOR_HEALTH_PORT,
  WEBHOOK_PORT,
} from './component-names.ts'
import { renderComponent } from './component-objects.ts'
import type { InstallValues } from './install-values.ts'
import { MESH_NAME_LABEL, SINGLE_MESH_LABEL } from './object-labels.ts'

/** What watches the API and tells the sidecars. */
export function renderController(values: InstallValues): readonly KubeObject[] {
  return renderComponent(values, {
    name: CONTROLLER,
    image: values.controllerImage,
    ports: { http: CONTROLLER_PORT },
    healthPort: CONTROLLER_PORT,
    labels: { [MESH_NAME_LABEL]: values.meshName, [SINGLE_MESH_LABEL]: String(values.enforceSingleMesh) },
    resources: { limits: { cpu: '1500m', memory: '1G' }, requests: { cpu: '500m', memory: '128M' } },
  })
}

/** What puts sidecars into pods, and says what is wrong with a MeshConfig. */
export function renderInjector(values: InstallValues): readonly KubeObject[] {
  const controller = `http://${CONTROLLER}.${values.meshNamespace}.svc.${CLUSTER_DOMAIN}:${CONTROLLER_PORT}`
  const sidecarImage =
    values.sidecarImage === '' ? [] : [{ name: 'SIDECAR_IMAGE', value: values.sidecarImage }]
  return renderComponent(values, {
    name: INJECTOR,
    image: values.injectorImage,
    ports: { webhook: WEBHOOK_PORT, health: INJECTOR_HEALTH_PORT },
    healthPort: INJECTOR_HEALTH_PORT,
    env: [{ name: 'CONTROL_PLANE_URL', value: controller }, ...sidecarImage],
    resources: { limits: { cpu: '500m', memory: '256M' }, requests: { cpu: '300m', memory: '64M' } },
  })
}
