import { type ErrorCode, KisekiError, messageOf } from '../model/errors.ts'
import type { SpanNaming } from '../model/mesh-config.ts'
import {
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

/** JSON in one line, without its end. */
export function encodeSidecarConfig(config: SidecarConfig): string {
  return JSON.stringify(config)
}

/**
 * Fields that are not known are left out, so that an older sidecar understands a newer control plane.
 * Throws `KISEKI_BAD_CONFIG` with the JSON path of what it cannot use.
 */
export function parseSidecarConfig(text: string): SidecarConfig {
  return parse(text, readConfig, {
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
  return parse(text, readAnswer, {
    code: 'KISEKI_INVALID',
    what: 'answer to a SidecarConfig',
    remedy: 'Send {"status":"applied","revision":…} or {"status":"refused","revision":…,"reason":…}.',
  })
}

interface Purpose {
  readonly code: ErrorCode
  readonly what: string
  readonly remedy: string
}

function parse<T>(text: string, read: Reader<T>, { code, what, remedy }: Purpose): T {
  try {
    return read({ value: JSON.parse(text), path: '$' })
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is no JSON: ${error.message}` : messageOf(error)
    throw new KisekiError(code, `${what}: ${reason}`, { remedy, cause: error })
  }
}

/** A value, and where it stands. */
interface Place {
  readonly value: unknown
  readonly path: string
}

/** Gives the value back typed, or throws an error that names its path. */
type Reader<T> = (place: Place) => T

/** Timers hold 31 bits of milliseconds. */
const MOST_MILLIS = 2_147_483_647
const PATH = /^\/[!-~]*$/
const VISIBLE = /^[!-~]+$/

const readConfig: Reader<SidecarConfig> = place => {
  const at = fieldsOf(place)
  const tracing = at('tracing')
  return {
    revision: toRevision(readText(at('revision'))),
    identity: readIdentity(at('identity')),
    inbound: { ports: readRecord(fieldsOf(at('inbound'))('ports'), readInboundPort) },
    outbound: readOutbound(at('outbound')),
    ...(tracing.value === undefined ? {} : { tracing: readTracing(tracing) }),
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
  return { protocol: readProtocol(at('protocol')), endpoints: readList(at('endpoints'), readEndpoint) }
}

const readEndpoint: Reader<ClusterEndpoint> = place => {
  const at = fieldsOf(place)
  const weight = at('weight')
  const via = at('via')
  return {
    ...readSocket(place),
    weight: isAbove0(weight.value) ? weight.value : refuse(weight, 'a number above 0'),
    ...(via.value === undefined ? {} : { via: readSocket(via) }),
  }
}

const readTracing: Reader<TracingConfig> = place => {
  const at = fieldsOf(place)
  const endpoint = at('endpoint')
  const fraction = at('sampledFraction')
  return {
    ...readSocket(place),
    endpoint: matches(endpoint.value, PATH)
      ? endpoint.value
      : refuse(endpoint, 'a path that begins with "/"'),
    sampledFraction: isFraction(fraction.value) ? fraction.value : refuse(fraction, 'a number from 0 to 1'),
    spanName: readOneOf<SpanNaming>(at('spanName'), ['path', 'host']),
    resolved: readList(at('resolved'), readSocket),
  }
}

const readAnswer: Reader<ConfigAnswer> = place => {
  const at = fieldsOf(place)
  const revision = toRevision(readText(at('revision')))
  const status = readOneOf<ConfigAnswer['status']>(at('status'), ['applied', 'refused'])
  return status === 'applied' ? { status, revision } : { status, revision, reason: readText(at('reason')) }
}

const readProtocol: Reader<Protocol> = place => readOneOf<Protocol>(place, ['http', 'tcp'])

const readSocket: Reader<SocketAddress> = place => {
  const at = fieldsOf(place)
  const address = at('address')
  return {
    address: matches(address.value, VISIBLE)
      ? address.value
      : refuse(address, 'a host name or an IP address'),
    port: readWhole(at('port'), 65_535),
  }
}

const readText: Reader<string> = place =>
  typeof place.value === 'string' && place.value !== ''
    ? place.value
    : refuse(place, 'a text that is not empty')

const readBoolean: Reader<boolean> = place =>
  typeof place.value === 'boolean' ? place.value : refuse(place, 'true or false')

function readWhole(place: Place, most: number): number {
  const { value } = place
  return isAbove0(value) && Number.isInteger(value) && value <= most
    ? value
    : refuse(place, `a whole number from 1 to ${most}`)
}

function readOneOf<T extends string>(place: Place, choices: readonly T[]): T {
  return choices.find(choice => choice === place.value) ?? refuse(place, `one of ${choices.join(', ')}`)
}

function readRecord<T>(place: Place, read: Reader<T>): Readonly<Record<string, T>> {
  const entries = Object.entries(readObject(place))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, read({ value, path: `${place.path}[${JSON.stringify(key)}]` })]),
  )
}

function readList<T>(place: Place, read: Reader<T>): readonly T[] {
  if (!Array.isArray(place.value)) return refuse(place, 'a list')
  return place.value.map((value: unknown, index) => read({ value, path: `${place.path}[${index}]` }))
}

/** Finds the fields of an object by their names. */
function fieldsOf(place: Place): (name: string) => Place {
  const fields = new Map<string, unknown>(Object.entries(readObject(place)))
  return name => ({ value: fields.get(name), path: `${place.path}.${name}` })
}

function readObject(place: Place): object {
  const { value } = place
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : refuse(place, 'an object')
}

const isAbove0 = (value: unknown): value is number => typeof value === 'number' && value > 0
const isFraction = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1
const matches = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value)

function refuse({ path, value }: Place, wanted: string): never {
  throw new Error(`${path} must be ${wanted}, but is ${show(value)}`)
}

const SHOWN_CHARACTERS = 80

function show(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
