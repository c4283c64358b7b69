import { nameOf } from '../../../../kube/apply.ts'
import { SIDECAR_METRICS_PORT } from '../../../../mesh/well-known-names.ts'
import { messageOf } from '../../../../model/errors.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { TracingSpec } from '../../../../model/mesh-config.ts'
import { sumOf } from '../../../mesh/metrics-page.ts'
import type { Cluster } from '../../cluster.ts'
import { getText } from '../../pod-json.ts'
import { collectorReach, collectorUrl } from '../collector-reach.ts'
import { dropText, type ExportState, readExport } from './export-state.ts'
import { type Finding, type Findings, no, unknown, yes } from './finding.ts'

const SEEN = 'requests went through the sidecar'
const SAMPLED = 'some of them were chosen to be recorded'
const RECORDED = 'spans were recorded'
const SENT = 'the collector has taken spans'

/** What the sidecar did with the requests of its pod, by its own counters: since it was started. */
export async function* spanFindings(
  { client, pods }: Pick<Cluster, 'client' | 'pods'>,
  pod: Pod,
  tracing: TracingSpec,
): Findings<true> {
  const place = { port: SIDECAR_METRICS_PORT, path: '/metrics' }
  let page: string
  try {
    page = await getText(pods, nameOf(pod), place)
  } catch (error) {
    yield unknown(SEEN, `its counters cannot be read: ${messageOf(error)}`)
    return true
  }
  yield seenFinding(page)
  yield sampledFinding(page, tracing)
  const state = await readExport(pods, pod, page)
  yield state.recorded > 0
    ? yes(RECORDED, `${state.recorded}`)
    : no(RECORDED, 'none yet', 'A span is recorded when its request has ended: look again then.')
  yield sentFinding(state, tracing, await collectorReach(client, tracing))
  return true
}

const decisions = (page: string, sampled: '0' | '1'): number =>
  sumOf(page, 'kiseki_sidecar_sampling_decisions_total', { sampled })

function seenFinding(page: string): Finding {
  const [incoming, outgoing] = ['inbound', 'outbound'].map(direction =>
    Math.max(
      sumOf(page, 'kiseki_sidecar_requests_total', { direction }),
      sumOf(page, 'kiseki_sidecar_sampling_decisions_total', { direction }),
    ),
  )
  if ((incoming ?? 0) + (outgoing ?? 0) > 0) return yes(SEEN, `${incoming} came in, ${outgoing} went out`)
  const relays = sumOf(page, 'kiseki_sidecar_relays_total')
  return relays > 0
    ? no(
        SEEN,
        `only ${relays} connections that are not read as HTTP, and so make no spans`,
        'Say that it is HTTP: name the port of the Service http…, or give it appProtocol: http.',
      )
    : no(
        SEEN,
        'none yet',
        'Call it by the name of its Service from a pod of the mesh, or: osm tracing verify',
      )
}

function sampledFinding(page: string, { sampledFraction }: TracingSpec): Finding {
  const [kept, left] = [decisions(page, '1'), decisions(page, '0')]
  if (kept > 0) return yes(SAMPLED, `${kept} of ${kept + left}; the fraction is ${sampledFraction}`)
  if (left === 0)
    return no(SAMPLED, 'no request has come since tracing was switched on', 'Send one: osm tracing verify')
  return no(
    SAMPLED,
    `none of ${left}; the fraction is ${sampledFraction}, and whoever calls may have said no in its headers`,
    'Record all: osm tracing set --sampled-fraction 1.0',
  )
}

function sentFinding(state: ExportState, tracing: TracingSpec, reach: string): Finding {
  const { acknowledged, queued, lastResult } = state
  const url = collectorUrl(tracing)
  const books = `${acknowledged} acknowledged, ${queued} waiting, ${dropText(state.dropped)}`
  const last = lastResult === undefined ? '' : `\nlast answer of ${url}: ${lastResult}`
  if (state.isFailing || (acknowledged === 0 && queued === 0))
    return no(
      SENT,
      `${books}${last}\n${reach}`,
      `See that ${url} takes Zipkin v2 JSON (osm tracing status), or name another: osm tracing set ADDRESS:PORT/ENDPOINT`,
    )
  if (acknowledged > 0) return yes(SENT, books)
  return unknown(SENT, `${books}${last}`, 'They are sent within a second: look again then.')
}
