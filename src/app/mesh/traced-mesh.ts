import type { KubeClient } from '../../kube/client.ts'
import type { MeshIdentity } from '../../mesh/install/install-values.ts'
import { valuesFromSources } from '../../mesh/install/values-from-flags.ts'
import { KisekiError } from '../../model/errors.ts'
import { installMesh } from '../osm/install/install-mesh.ts'

/** As a person would type it. */
const SET = 'osm.deployJaeger=true,osm.tracing.enable=true'

export interface SilentInstallOptions {
  readonly signal: AbortSignal
  readonly note?: (text: string) => void
}

/** `osm install --set=osm.deployJaeger=true,osm.tracing.enable=true`, in silence. */
export async function installTracedMesh(
  client: KubeClient,
  mesh: MeshIdentity,
  options: SilentInstallOptions,
): Promise<void> {
  await install({ client, mesh, flags: [SET], ...options })
}

/** `osm install`, in silence: without Jaeger, and tracing is off. */
export async function installBareMesh(
  client: KubeClient,
  mesh: MeshIdentity,
  options: SilentInstallOptions,
): Promise<void> {
  await install({ client, mesh, flags: [], ...options })
}

interface SilentInstall extends SilentInstallOptions {
  readonly client: KubeClient
  readonly mesh: MeshIdentity
  readonly flags: readonly string[]
}

async function install({ client, mesh, flags, ...options }: SilentInstall): Promise<void> {
  const outcome = valuesFromSources({ files: [], flags }, mesh)
  if ('problems' in outcome) throw new KisekiError('KISEKI_BAD_FLAG', outcome.problems.join('\n'))
  const ignore = (): void => undefined
  await installMesh({
    client,
    values: outcome.values,
    output: { write: ignore, note: options.note ?? ignore, debug: ignore },
    signal: options.signal,
    atomic: false,
  })
}
