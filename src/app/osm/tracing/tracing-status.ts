import type { Fleet } from '../../../control/fleet.ts'
import { parseMeshConfig } from '../../../mesh/mesh-config/parse.ts'
import { tracingAddress } from '../../../mesh/mesh-config/tracing-address.ts'
import { SIDECAR_METRICS_PORT } from '../../../mesh/well-known-names.ts'
import { messageOf } from '../../../model/errors.ts'
import type { MeshConfigObject } from '../../../model/kubernetes.ts'
import { parseLedger } from '../../mesh/ledgers.ts'
import type { Cluster } from '../cluster.ts'
import type { Output } from '../output.ts'
import { getText } from '../pod-json.ts'
import { textTable } from '../text-table.ts'
import { acceptanceOf } from './acceptance.ts'
import { collectorReach, collectorUrl } from './collector-reach.ts'
import { getMeshConfig } from './mesh-config.ts'
import { readFleet } from './read-fleet.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>
type Sidecar = Fleet['sidecars'][number]

/** `osm tracing status`: what is wanted, whether it is in force, and what became of the spans. */
export async function printTracingStatus(
  cluster: Connection,
  namespace: string,
  output: Output,
): Promise<void> {
  const object = await getMeshConfig(cluster.client, namespace)
  output.write(textTable(await wantedRows(cluster, object, namespace)))
  const fleet = await readFleet(cluster, namespace).catch((error: unknown) => {
    output.note(`the controller cannot be asked for its sidecars: ${messageOf(error)}\n`)
  })
  if (fleet === undefined) return
  output.write('\n')
  if (fleet.sidecars.length === 0) output.write('No sidecar is known to the controller\n')
  else
    output.write(textTable([HEADER, ...(await Promise.all(fleet.sidecars.map(one => rowOf(cluster, one))))]))
  for (const { namespace: of, pod, refused } of fleet.sidecars)
    if (refused !== undefined) output.write(`${of}/${pod} refused ${refused.revision}: ${refused.reason}\n`)
}

async function wantedRows(
  { client }: Connection,
  object: MeshConfigObject,
  namespace: string,
): Promise<readonly (readonly string[])[]> {
  const accepted: readonly string[] = ['ACCEPTED', acceptanceOf(object).text]
  const outcome = parseMeshConfig(object.spec)
  if ('problems' in outcome) {
    const problems = outcome.problems.map(({ path, message }) => `${path} ${message}`)
    return [accepted, ...problems.map(problem => ['', problem])]
  }
  const { tracing } = outcome.config.observability
  if (!tracing.enable) return [['TRACING', 'off'], accepted]
  const address = tracingAddress(tracing, namespace)
  return [
    ['TRACING', 'on'],
    ['COLLECTOR', collectorUrl({ ...tracing, address })],
    ['', await collectorReach(client, { address, port: tracing.port })],
    ['SAMPLED', tracing.sampledFraction],
    accepted,
  ]
}

const HEADER = ['NAMESPACE', 'POD', 'REVISION APPLIED/WANTED', 'RECORDED', 'ACKNOWLEDGED', 'DROPPED']

async function rowOf(cluster: Connection, sidecar: Sidecar): Promise<readonly string[]> {
  const { namespace = '-', pod = sidecar.podUid, running = '-', wanted = '-', connected } = sidecar
  const revision = `${running}/${wanted}${connected ? '' : ' (does not listen)'}`
  return [namespace, pod, revision, ...(await ledgerOf(cluster, sidecar))]
}

async function ledgerOf({ pods }: Connection, { namespace, pod }: Sidecar): Promise<readonly string[]> {
  if (namespace === undefined || pod === undefined) return ['-', '-', '-']
  try {
    const place = { port: SIDECAR_METRICS_PORT, path: '/metrics' }
    const { recorded, acknowledged, dropped } = parseLedger(
      await getText(pods, { name: pod, namespace }, place),
    )
    return [recorded, acknowledged, dropped].map(String)
  } catch {
    return ['-', '-', '-']
  }
}
