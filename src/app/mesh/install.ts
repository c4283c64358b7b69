import type { KubeClient } from '../../kube/client.ts'
import { defaultInstallValues, type MeshIdentity } from '../../mesh/install/install-values.ts'
import { renderInstall } from '../../mesh/install/render-install.ts'
import { applyAll } from './objects.ts'

/** Installs a mesh with tracing on and a Jaeger of its own, as `--set=osm.deployJaeger=true,osm.tracing.enable=true`. */
export async function installTracedMesh(client: KubeClient, mesh: MeshIdentity): Promise<void> {
  const defaults = defaultInstallValues(mesh)
  await applyAll(
    client,
    renderInstall({ ...defaults, deployJaeger: true, tracing: { ...defaults.tracing, enable: true } }),
  )
}
