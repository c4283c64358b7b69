import { workloadOf } from '../../../../mesh/workload.ts'
import { messageOf } from '../../../../model/errors.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import { micros } from '../../../../model/micros.ts'
import type { Cluster } from '../../cluster.ts'
import { collectorReach } from '../collector-reach.ts'
import { type Finding, type Findings, no, unknown, yes } from './finding.ts'
import { findQueryService, type QueryPlace } from './query-service.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>

const REACHABLE = 'the collector can be reached'
const STORED = 'its traces can be found'
const HOUR_MICROS = 3_600_000_000

export interface StoredQuestion extends QueryPlace {
  readonly port: number
  readonly nowMillis: number
}

/** Whether spans arrive, and whether they are there for who asks. */
export async function* storedFindings(
  cluster: Connection,
  pod: Pod,
  question: StoredQuestion,
): Findings<true> {
  const { collector, port } = question
  yield await reachFinding(cluster, collector, port)
  yield await storedFinding(cluster, pod, question)
  return true
}

export async function reachFinding({ client }: Connection, address: string, port: number): Promise<Finding> {
  const text = await collectorReach(client, { address, port })
  if (text.startsWith('unreachable: '))
    return no(
      REACHABLE,
      text.slice('unreachable: '.length),
      'Start it, or name another: osm tracing set ADDRESS:PORT',
    )
  if (text.startsWith('reachable: ')) return yes(REACHABLE, text.slice('reachable: '.length))
  return unknown(REACHABLE, 'it is outside of the cluster: only what becomes of the spans tells')
}

async function storedFinding(cluster: Connection, pod: Pod, question: StoredQuestion): Promise<Finding> {
  const query = await findQueryService(cluster, question)
  if (query === undefined)
    return unknown(STORED, 'no Service jaeger-query is ready', 'Name one: --query-url URL')
  const service = workloadOf(pod).name
  const now = question.nowMillis * 1000
  try {
    const range = { from: micros(now - HOUR_MICROS), to: micros(now) }
    const [trace] = await query.client.findTraces({ service, range, limit: 1 })
    if (trace !== undefined) return yes(STORED, `${query.place} has trace ${trace.traceID} of ${service}`)
    const remedy = 'Send a request, then ask again: osm tracing verify'
    return no(STORED, `${query.place} has none of service ${service} in the last hour`, remedy)
  } catch (error) {
    return unknown(STORED, `${query.place}: ${messageOf(error)}`, 'Name another one: --query-url URL')
  }
}
