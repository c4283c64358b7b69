import type { KubeClient } from '../../../../kube/client.ts'
import { parseMeshConfig } from '../../../../mesh/mesh-config/parse.ts'
import { tracingAddress } from '../../../../mesh/mesh-config/tracing-address.ts'
import type { TracingSpec } from '../../../../model/mesh-config.ts'
import { acceptanceOf } from '../acceptance.ts'
import { collectorUrl } from '../collector-reach.ts'
import { getMeshConfig } from '../mesh-config.ts'
import { type Findings, no, unknown, yes } from './finding.ts'

const ENABLED = 'tracing is switched on'
const ACCEPTED = 'the control plane has taken the MeshConfig'

/** Whether spans are wanted, and where. At the end: the settings, with the address that they go to. */
export async function* configFindings(client: KubeClient, namespace: string): Findings<TracingSpec> {
  const object = await getMeshConfig(client, namespace)
  const name = `MeshConfig ${namespace}/${object.metadata.name}`
  const outcome = parseMeshConfig(object.spec)
  if ('problems' in outcome) {
    const problems = outcome.problems.map(({ path, message }) => `${path} ${message}`)
    yield no(
      ACCEPTED,
      problems.join('\n'),
      `Correct it: kubectl edit meshconfig ${object.metadata.name} -n ${namespace}`,
    )
    return undefined
  }
  const { tracing } = outcome.config.observability
  if (!tracing.enable) {
    yield no(ENABLED, `not in ${name}`, 'Switch it on: osm tracing enable')
    return undefined
  }
  const resolved = { ...tracing, address: tracingAddress(tracing, namespace) }
  yield yes(ENABLED, `spans go to ${collectorUrl(resolved)}`)
  const { status, text } = acceptanceOf(object)
  if (status === 'refused')
    yield no(
      ACCEPTED,
      text.replace(/^no: /, ''),
      'Correct the field that is named; until then the last good one holds.',
    )
  else if (status === 'accepted') yield yes(ACCEPTED, `generation ${object.metadata.generation ?? 0}`)
  else
    yield unknown(ACCEPTED, text.replace(/^[^:]*: /, ''), 'See that it runs: osm verify control-plane-health')
  return resolved
}
