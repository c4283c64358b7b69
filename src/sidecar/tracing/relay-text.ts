import type { Micros } from '../../model/micros.ts'
import type { SidecarIdentity } from '../../model/sidecar-config.ts'
import { authorityKey, splitAuthority } from '../http/authority.ts'
import { asciiJson, decodeLatin1 } from './latin1-text.ts'
import type { ZipkinKind } from './span-text.ts'

/** What the span of a relayed connection says that differs from one to the next. */
export interface RelayFacts {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly debug: boolean
  /** As JSON, quotes included. So are cluster and peer. */
  readonly name: string
  readonly start: Micros
  readonly duration: Micros
  /** By the client. */
  readonly sentBytes: number
  /** By the client. */
  readonly receivedBytes: number
  /** What the bytes are, as far as it is known: `tls`, `websocket`; else empty. */
  readonly protocol: string
  /** What CONNECT named; else empty. */
  readonly authority: string
  /** What TLS named (SNI); else empty. */
  readonly serverName: string
  readonly cluster: string
  readonly peer: string
  readonly remoteService: string
  readonly remoteAddress: string
  readonly remotePort: number
  /** Empty: both sides ended in good order. */
  readonly error: string
}

export type RelayPrinter = (facts: RelayFacts) => string

/** Prints a span as Zipkin v2 JSON, its tags by OpenTelemetry's names where there are any. One a connection. */
export function createRelayPrinter(kind: ZipkinKind, identity: SidecarIdentity): RelayPrinter {
  const { workload, address, podUid, namespace, pod } = identity
  const localEndpoint = { serviceName: workload, [familyOf(address)]: address }
  const always = {
    component: 'proxy',
    node_id: podUid,
    'k8s.namespace.name': namespace,
    'k8s.pod.name': pod,
    'network.transport': 'tcp',
  }
  return facts => {
    const remote = remoteEndpoint(facts)
    return asciiJson({
      traceId: facts.traceId,
      id: facts.spanId,
      parentId: facts.parentId,
      kind,
      name: textOf(facts.name),
      timestamp: facts.start,
      duration: facts.duration,
      localEndpoint,
      ...(facts.debug ? { debug: true } : {}),
      ...(remote === undefined ? {} : { remoteEndpoint: remote }),
      tags: { ...always, ...tagsOf(facts) },
    })
  }
}

function tagsOf(facts: RelayFacts): Readonly<Record<string, string>> {
  const tags: Readonly<Record<string, string>> = {
    'network.protocol.name': decodeLatin1(facts.protocol),
    'network.peer.address': facts.remoteAddress,
    'network.peer.port': facts.remotePort === 0 ? '' : String(facts.remotePort),
    ...serverTags(facts.authority),
    'tls.client.server_name': decodeLatin1(facts.serverName),
    sent_bytes: String(facts.sentBytes),
    received_bytes: String(facts.receivedBytes),
    'peer.address': textOf(facts.peer),
    upstream_cluster: textOf(facts.cluster),
    error: facts.error,
  }
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''))
}

function serverTags(authority: string): Readonly<Record<string, string>> {
  if (authority === '') return {}
  const { host, port } = splitAuthority(authorityKey(authority))
  return { 'server.address': host, 'server.port': String(port) }
}

function remoteEndpoint(facts: RelayFacts): object | undefined {
  const { remoteService, remoteAddress, remotePort } = facts
  if (remoteAddress === '' && remoteService === '') return undefined
  return {
    ...(remoteService === '' ? {} : { serviceName: decodeLatin1(remoteService) }),
    ...(remoteAddress === '' ? {} : { [familyOf(remoteAddress)]: remoteAddress }),
    ...(remotePort === 0 ? {} : { port: remotePort }),
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}

/** What was made JSON once, for spans of the other kind. */
function textOf(json: string): string {
  return json === '' ? '' : String(JSON.parse(json))
}
