import type { Fleet } from '../../../control/fleet.ts'
import { specInForce } from '../../../control/mesh-config-status.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { parseMeshConfig } from '../../../mesh/mesh-config/parse.ts'
import { tracingAddress } from '../../../mesh/mesh-config/tracing-address.ts'
import { SIDECAR_METRICS_PORT } from '../../../mesh/well-known-names.ts'
import { messageOf } from '../../../model/errors.ts'
import type { MeshConfigObject } from '../../../model/kubernetes.ts'
import type { MeshConfigSpec, TracingSpec } from '../../../model/mesh-config.ts'
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

/** What is wanted; where that is refused, why, and what is in force in its place. */
async function wantedRows(
  { client }: Connection,
  object: MeshConfigObject,
  namespace: string,
): Promise<readonly (readonly string[])[]> {
  const acceptance = acceptanceOf(object)
  const accepted: readonly string[] = ['ACCEPTED', acceptance.text]
  const wanted = parseMeshConfig(object.spec)
  if ('config' in wanted) return [...(await tracingRows(client, wanted.config, namespace)), accepted]
  // The control plane has said why, or has not looked yet.
  const problems = acceptance.status === 'refused' ? [] : wanted.problems
  const reasons = problems.map(({ path, message }) => ['', `${path} ${message}`])
  return [accepted, ...reasons, ...(await rowsInForce(client, object, namespace))]
}

async function rowsInForce(
  client: KubeClient,
  { status }: MeshConfigObject,
  namespace: string,
): Promise<readonly (readonly string[])[]> {
  const spec = specInForce(status)
  const kept = spec === undefined ? undefined : parseMeshConfig(spec)
  if (kept === undefined || 'problems' in kept) return []
  return [
    ['IN FORCE', 'the last good configuration:'],
    ...(await tracingRows(client, kept.config, namespace)),
  ]
}

async function tracingRows(
  client: KubeClient,
  { observability: { tracing, accessLog } }: MeshConfigSpec,
  namespace: string,
): Promise<readonly (readonly string[])[]> {
  const logged = accessLog.enable ? [['ACCESS LOG', 'on']] : []
  if (!tracing.enable) return [['TRACING', 'off'], ...logged]
  const address = tracingAddress(tracing, namespace)
  return [
    ['TRACING', 'on'],
    ['COLLECTOR', collectorUrl({ ...tracing, address })],
    ['', await collectorReach(client, { address, port: tracing.port })],
    ['SAMPLED', tracing.sampledFraction],
    ...choiceRows(tracing),
    ...logged,
  ]
}

/** What is not as it is by default. */
function choiceRows({ responseHeaders, headerTags, queryStrings }: TracingSpec): readonly string[][] {
  return [
    ...(responseHeaders ? [] : [['RESPONSE HEADERS', 'off']]),
    ...(headerTags.length === 0 ? [] : [['HEADER TAGS', headerTags.join(', ')]]),
    ...(queryStrings === 'keep' ? [] : [['QUERY STRINGS', queryStrings]]),
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
