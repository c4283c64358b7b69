import type { QueryStrings, SpanNaming } from '../model/mesh-config.ts'
import {
  type AccessLogConfig,
  type Cluster,
  type ClusterEndpoint,
  type ConfigAnswer,
  type InboundPort,
  type OutboundConfig,
  type Protocol,
  type SidecarConfig,
  type SidecarIdentity,
  type SocketAddress,
  type TracingConfig,
  toRevision,
} from '../model/sidecar-config.ts'
import { readClusterSettings } from './cluster-settings-json.ts'
import {
  fieldsOf,
  parseJson,
  type Reader,
  readBoolean,
  readFraction,
  readList,
  readMatch,
  readOneOf,
  readRecord,
  readText,
  readWhole,
  refuse,
} from './json-place.ts'

/** JSON in one line, without its end. */
export function encodeSidecarConfig(config: SidecarConfig): string {
  return JSON.stringify(config)
}

/**
 * Fields that are not known are left out, so that an older sidecar understands a newer control plane.
 * Throws `KISEKI_BAD_CONFIG` with the JSON path of what it cannot use.
 */
export function parseSidecarConfig(text: string): SidecarConfig {
  return parseJson(text, readConfig, {
    code: 'KISEKI_BAD_CONFIG',
    what: 'SidecarConfig',
    remedy: 'Run sidecars and control plane of the same release. The sidecar keeps the configuration before.',
  })
}

export function encodeConfigAnswer(answer: ConfigAnswer): string {
  return JSON.stringify(answer)
}

/** Throws `KISEKI_INVALID` with the JSON path of what it cannot use. */
export function parseConfigAnswer(text: string): ConfigAnswer {
  return parseJson(text, readAnswer, {
    code: 'KISEKI_INVALID',
    what: 'answer to a SidecarConfig',
    remedy: 'Send {"status":"applied","revision":…} or {"status":"refused","revision":…,"reason":…}.',
  })
}

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647
const PATH = /^\/[!-~]*$/
const VISIBLE = /^[!-~]+$/

const readConfig: Reader<SidecarConfig> = place => {
  const at = fieldsOf(place)
  const tracing = at('tracing')
  const accessLog = at('accessLog')
  return {
    revision: toRevision(readText(at('revision'))),
    identity: readIdentity(at('identity')),
    inbound: { ports: readRecord(fieldsOf(at('inbound'))('ports'), readInboundPort) },
    outbound: readOutbound(at('outbound')),
    ...(tracing.value === undefined ? {} : { tracing: readTracing(tracing) }),
    ...(accessLog.value === undefined ? {} : { accessLog: readAccessLog(accessLog) }),
    timeoutMillis: readWhole(at('timeoutMillis'), MOST_MILLIS),
  }
}

const readIdentity: Reader<SidecarIdentity> = place => {
  const at = fieldsOf(place)
  return {
    mesh: readText(at('mesh')),
    namespace: readText(at('namespace')),
    pod: readText(at('pod')),
    podUid: readText(at('podUid')),
    workload: readText(at('workload')),
    serviceAccount: readText(at('serviceAccount')),
    address: readText(at('address')),
  }
}

const readInboundPort: Reader<InboundPort> = place => {
  const at = fieldsOf(place)
  return {
    protocol: readProtocol(at('protocol')),
    target: readSocket(at('target')),
    cluster: readText(at('cluster')),
  }
}

const readOutbound: Reader<OutboundConfig> = place => {
  const at = fieldsOf(place)
  const clusters = readRecord(at('clusters'), readCluster)
  const hosts = readRecord(at('hosts'), host => {
    const cluster = readText(host)
    return Object.hasOwn(clusters, cluster) ? cluster : refuse(host, 'the name of a cluster that is there')
  })
  return { hosts, clusters, egress: readBoolean(at('egress')) }
}

const readCluster: Reader<Cluster> = place => {
  const at = fieldsOf(place)
  const settings = at('settings')
  return {
    protocol: readProtocol(at('protocol')),
    endpoints: readList(at('endpoints'), readEndpoint),
    ...(settings.value === undefined ? {} : { settings: readClusterSettings(settings) }),
  }
}

const readEndpoint: Reader<ClusterEndpoint> = place => {
  const at = fieldsOf(place)
  const via = at('via')
  return {
    ...readSocket(place),
    weight: readWeight(at('weight')),
    ...(via.value === undefined ? {} : { via: readSocket(via) }),
  }
}

const readWeight: Reader<number> = place =>
  typeof place.value === 'number' && place.value > 0 ? place.value : refuse(place, 'a number above 0')

const readTracing: Reader<TracingConfig> = place => {
  const at = fieldsOf(place)
  return {
    ...readSocket(place),
    endpoint: readMatch(at('endpoint'), PATH, 'a path that begins with "/"'),
    sampledFraction: readFraction(at('sampledFraction')),
    spanName: readOneOf<SpanNaming>(at('spanName'), ['path', 'host']),
    responseHeaders: readBoolean(at('responseHeaders')),
    headerTags: readList(at('headerTags'), readText),
    queryStrings: readQueryStrings(at('queryStrings')),
    resolved: readList(at('resolved'), readSocket),
  }
}

const readAccessLog: Reader<AccessLogConfig> = place => ({
  queryStrings: readQueryStrings(fieldsOf(place)('queryStrings')),
})

const readQueryStrings: Reader<QueryStrings> = place =>
  readOneOf<QueryStrings>(place, ['keep', 'redact', 'drop'])

const readAnswer: Reader<ConfigAnswer> = place => {
  const at = fieldsOf(place)
  const revision = toRevision(readText(at('revision')))
  const status = readOneOf<ConfigAnswer['status']>(at('status'), ['applied', 'refused'])
  return status === 'applied' ? { status, revision } : { status, revision, reason: readText(at('reason')) }
}

const readProtocol: Reader<Protocol> = place => readOneOf<Protocol>(place, ['http', 'tcp'])

const readSocket: Reader<SocketAddress> = place => {
  const at = fieldsOf(place)
  return {
    address: readMatch(at('address'), VISIBLE, 'a host name or an IP address'),
    port: readWhole(at('port'), 65_535),
  }
}
