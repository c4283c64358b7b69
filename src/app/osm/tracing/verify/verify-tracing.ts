import { setTimeout as delay } from 'node:timers/promises'
import { nameOf } from '../../../../kube/apply.ts'
import { failedWith } from '../../../../kube/kube-errors.ts'
import { SIDECAR_INBOUND_PORT, SIDECAR_METRICS_PORT } from '../../../../mesh/well-known-names.ts'
import { messageOf } from '../../../../model/errors.ts'
import type { TraceId } from '../../../../model/ids.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { TracingSpec } from '../../../../model/mesh-config.ts'
import type { IdSource } from '../../../../runtime/random-ids.ts'
import type { JaegerTrace } from '../../../../wire/jaeger-shapes.ts'
import type { Cluster } from '../../cluster.ts'
import { getText } from '../../pod-json.ts'
import { configFindings } from '../findings/config-findings.ts'
import { dropText, readExport } from '../findings/export-state.ts'
import { type Finding, type Findings, no, yes } from '../findings/finding.ts'
import { findQueryService, type QueryService } from '../findings/query-service.ts'
import { reachFinding } from '../findings/stored-findings.ts'
import { chooseTarget, type ServiceName, type ServiceTarget, targetOf } from './service-choice.ts'

type Connection = Pick<Cluster, 'client' | 'pods'>

export interface VerifyOptions {
  readonly cluster: Connection
  readonly meshNamespace: string
  /** Absent: one of the mesh. */
  readonly service?: ServiceName
  /** Of the request, with its query. */
  readonly path: string
  readonly queryUrl?: string
  readonly ids: Pick<IdSource, 'traceId' | 'spanId'>
  /** Ends the waiting for the trace. */
  readonly signal: AbortSignal
}

const CHOSEN = 'a Service of the mesh takes requests'
const QUERY = 'traces can be asked for'
const ANSWERED = 'a request through its sidecar is answered'
const FOUND = 'its trace is found'

/** `osm tracing verify`: sends a request that is to be recorded, and looks for its trace. */
export async function* verifyTracing(options: VerifyOptions): Findings {
  const { cluster, meshNamespace, service, queryUrl } = options
  const tracing = yield* configFindings(cluster.client, meshNamespace)
  if (tracing === undefined) return
  const choice =
    service === undefined ? await chooseTarget(cluster, meshNamespace) : await targetOf(cluster, service)
  if ('problem' in choice)
    return yield no(
      CHOSEN,
      choice.problem,
      'Name another: --service NAMESPACE/NAME:PORT; or run one: osm run.',
    )
  yield chosen(choice)
  yield await reachFinding(cluster, tracing.address, tracing.port)
  const place = { meshNamespace, collector: tracing.address, ...(queryUrl === undefined ? {} : { queryUrl }) }
  const query = await findQueryService(cluster, place)
  if (query === undefined)
    return yield no(QUERY, 'no Service jaeger-query is ready', 'Say where: --query-url URL')
  yield yes(QUERY, query.place)
  const traceId = options.ids.traceId()
  yield await sendRequest(options, choice, traceId)
  yield await findTrace(options, { query, traceId, pod: choice.pod, tracing })
}

function chosen({ service: { namespace, name, port = 0 }, pod }: ServiceTarget): Finding {
  return yes(CHOSEN, `${namespace}/${name}:${port}, pod ${pod.metadata.name}`)
}

/** Any answer is one: an app that says 404 makes spans as well. */
async function sendRequest(
  { cluster, path, ids }: VerifyOptions,
  { service: { namespace, name, port }, pod }: ServiceTarget,
  traceId: TraceId,
): Promise<Finding> {
  const remedy = `See kubectl logs ${pod.metadata.name} -n ${namespace} -c sidecar`
  try {
    // A decision in the request goes before the fraction (github.com/openzipkin/b3-propagation).
    const headers = { b3: `${traceId}-${ids.spanId()}-1`, 'user-agent': 'osm tracing verify' }
    const answer = await cluster.pods.podRequest(nameOf(pod), SIDECAR_INBOUND_PORT, {
      path,
      headers,
      timeoutMillis: 10_000,
    })
    const reason = answer.headers['x-kiseki-reason']
    if (reason !== undefined)
      return no(ANSWERED, `the sidecar itself answered ${answer.status}: ${reason}`, remedy)
    return yes(ANSWERED, `http://${name}.${namespace}:${port}${path} answered ${answer.status}`)
  } catch (error) {
    return no(ANSWERED, messageOf(error), remedy)
  }
}

const ASK_AGAIN_MILLIS = 250

interface Search {
  readonly query: QueryService
  readonly traceId: TraceId
  readonly pod: Pod
  readonly tracing: TracingSpec
}

async function findTrace({ cluster, signal }: VerifyOptions, search: Search): Promise<Finding> {
  const { query, traceId } = search
  const started = performance.now()
  let problem = `${query.place} does not know trace ${traceId}`
  for (;;) {
    try {
      return foundFinding(await query.client.getTrace(traceId, { signal }), started)
    } catch (error) {
      if (!signal.aborted && !failedWith(error, 'KISEKI_NOT_FOUND'))
        problem = `${query.place}: ${messageOf(error)}`
    }
    if (signal.aborted) break
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
  const { name, namespace } = search.pod.metadata
  const state = await exportText(cluster, search.pod)
  return no(FOUND, `${problem}\n${state}`, `Ask why: osm tracing explain ${name} -n ${namespace}`)
}

function foundFinding({ traceID, spans, processes }: JaegerTrace, started: number): Finding {
  const services = new Set(Object.values(processes).map(({ serviceName }) => serviceName))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const amount = spans.length === 1 ? '1 span' : `${spans.length} spans`
  return yes(FOUND, `trace ${traceID} after ${seconds} s: ${amount} of ${[...services].join(', ')}`)
}

/** What the sidecar says of its spans. */
async function exportText({ pods }: Connection, pod: Pod): Promise<string> {
  try {
    const page = await getText(pods, nameOf(pod), { port: SIDECAR_METRICS_PORT, path: '/metrics' })
    const state = await readExport(pods, pod, page)
    const last = state.lastResult === undefined ? '' : `; last answer of the collector: ${state.lastResult}`
    return `its sidecar: ${state.recorded} recorded, ${state.acknowledged} acknowledged, ${state.queued} waiting, ${dropText(state.dropped)}${last}`
  } catch (error) {
    return `its sidecar cannot be asked: ${messageOf(error)}`
  }
}
