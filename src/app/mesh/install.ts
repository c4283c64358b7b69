import type { KubeClient } from '../../kube/client.ts'
import { defaultInstallValues, type MeshIdentity } from '../../mesh/install/install-values.ts'
import { renderComponents } from '../../mesh/install/render-install.ts'
import { applyAll } from './objects.ts'

/** All but the control plane and its webhooks: here it runs in this process. */
const PARTS = ['namespace', 'mesh-config', 'jaeger']

/** Installs a mesh with tracing on and a Jaeger of its own, as `--set=osm.deployJaeger=true,osm.tracing.enable=true`. */
export async function installTracedMesh(client: KubeClient, mesh: MeshIdentity): Promise<void> {
  const defaults = defaultInstallValues(mesh)
  const components = renderComponents({
    ...defaults,
    deployJaeger: true,
    tracing: { ...defaults.tracing, enable: true },
  })
  const parts = components.filter(({ name }) => PARTS.includes(name))
  await applyAll(
    client,
    parts.flatMap(({ objects }) => objects),
  )
}
