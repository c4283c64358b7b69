import { SIDECAR_CONTAINER } from '../../../../mesh/well-known-names.ts'
import { messageOf } from '../../../../model/errors.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { Cluster } from '../../cluster.ts'
import { readFleet } from '../read-fleet.ts'
import { type Findings, no, unknown, yes } from './finding.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>

const READY = 'the sidecar runs'
const CONFIGURED = 'the sidecar has what the control plane wants'

/** Whether the sidecar works by the newest configuration. */
export async function* sidecarFindings(cluster: Connection, meshNamespace: string, pod: Pod): Findings<true> {
  const { name, namespace = '', uid } = pod.metadata
  const status = pod.status?.containerStatuses?.find(container => container.name === SIDECAR_CONTAINER)
  if (status?.ready === false) {
    const { reason = 'not ready' } = status.state.waiting ?? status.state.terminated ?? {}
    yield no(
      READY,
      `it is ${reason}`,
      `See its log: kubectl logs ${name} -n ${namespace} -c ${SIDECAR_CONTAINER}`,
    )
    return undefined
  }
  yield yes(READY, `restarted ${status?.restartCount ?? 0} times`)
  const fleet = await readFleet(cluster, meshNamespace).catch(messageOf)
  if (typeof fleet === 'string') {
    yield unknown(CONFIGURED, fleet, 'See osm verify control-plane-health')
    return true
  }
  const sidecar = fleet.sidecars.find(({ podUid }) => podUid === uid)
  const log = `See its log: kubectl logs ${name} -n ${namespace} -c ${SIDECAR_CONTAINER}`
  if (sidecar === undefined || !sidecar.connected)
    yield no(CONFIGURED, 'it does not listen to the control plane', log)
  else if (sidecar.refused !== undefined && sidecar.refused.revision === sidecar.wanted)
    yield no(CONFIGURED, `it refused revision ${sidecar.refused.revision}: ${sidecar.refused.reason}`, log)
  else if (sidecar.running === sidecar.wanted) yield yes(CONFIGURED, `revision ${sidecar.running ?? '-'}`)
  else
    yield unknown(
      CONFIGURED,
      `it runs revision ${sidecar.running ?? 'none'}, ${sidecar.wanted ?? 'none'} is on its way`,
      'Look again in a moment.',
    )
  return true
}
