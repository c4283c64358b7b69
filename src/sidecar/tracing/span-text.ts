import type { Micros } from '../../model/micros.ts'
import type { SidecarIdentity } from '../../model/sidecar-config.ts'
import { jsonOfLatin1 } from './latin1-text.ts'

/** What a span says that differs from exchange to exchange. Texts from heads are Latin-1, as they came. */
export interface SpanFacts {
  /** 16 digits where it came so, else 32. */
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly shared: boolean
  readonly debug: boolean
  /** As JSON, quotes included: it is the same again and again. So are cluster and peer. */
  readonly name: string
  readonly start: Micros
  readonly duration: Micros
  readonly host: string
  readonly target: string
  /** A token: nothing in it needs quoting. */
  readonly method: string
  /** `HTTP/1.1` and the like. */
  readonly protocol: string
  /** 0: there was no response. */
  readonly status: number
  readonly requestBytes: number
  readonly responseBytes: number
  /** Empty: none was found. */
  readonly cluster: string
  /** `"address:port"`; empty: none was chosen. */
  readonly peer: string
  /** The other side; each part may be missing (empty, 0). */
  readonly remoteService: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly requestId: string
  readonly userAgent: string
  /** Members of the tags, each behind a comma; empty: none. */
  readonly moreTags: string
  /** Empty: the exchange went well. */
  readonly error: string
}

export type ZipkinKind = 'CLIENT' | 'SERVER'

/** Prints one span as Zipkin v2 JSON. All that does not change is put together once. */
export type SpanPrinter = (facts: SpanFacts) => string

export function createSpanPrinter(kind: ZipkinKind, identity: SidecarIdentity): SpanPrinter {
  const family = identity.address.includes(':') ? 'ipv6' : 'ipv4'
  const local = JSON.stringify({ serviceName: identity.workload, [family]: identity.address })
  const constant = JSON.stringify({
    component: 'proxy',
    node_id: identity.podUid,
    'k8s.namespace.name': identity.namespace,
    'k8s.pod.name': identity.pod,
  }).slice(0, -1)
  const tagsBegin = `,"tags":${constant},"http.url":`

  return facts =>
    `{"traceId":"${facts.traceId}","id":"${facts.spanId}"${
      facts.parentId === undefined ? '' : `,"parentId":"${facts.parentId}"`
    },"kind":"${kind}","name":${facts.name},"timestamp":${facts.start},"duration":${facts.duration},"localEndpoint":${local}${
      facts.shared ? ',"shared":true' : ''
    }${facts.debug ? ',"debug":true' : ''}${remoteEndpoint(facts)}${tagsBegin}${jsonOfLatin1(
      `http://${facts.host}${facts.target === '*' ? '' : facts.target}`,
    )},"http.method":"${facts.method}","http.protocol":"${facts.protocol}"${
      facts.status === 0 ? '' : `,"http.status_code":"${facts.status}"`
    },"request_size":"${facts.requestBytes}","response_size":"${facts.responseBytes}"${
      facts.peer === '' ? '' : `,"peer.address":${facts.peer}`
    }${facts.cluster === '' ? '' : `,"upstream_cluster":${facts.cluster}`}${
      facts.requestId === '' ? '' : `,"guid:x-request-id":${jsonOfLatin1(facts.requestId)}`
    }${facts.userAgent === '' ? '' : `,"user_agent":${jsonOfLatin1(facts.userAgent)}`}${facts.moreTags}${
      facts.error === '' ? '' : `,"error":${jsonOfLatin1(facts.error)}`
    }}}`
}

function remoteEndpoint(facts: SpanFacts): string {
  if (facts.remoteAddress === '' && facts.remoteService === '') return ''
  const service = facts.remoteService === '' ? '' : `"serviceName":${jsonOfLatin1(facts.remoteService)}`
  const comma = service !== '' && facts.remoteAddress !== '' ? ',' : ''
  const family = facts.remoteAddress.includes(':') ? 'ipv6' : 'ipv4'
  const address = facts.remoteAddress === '' ? '' : `"${family}":"${facts.remoteAddress}"`
  const port = facts.remotePort === 0 ? '' : `,"port":${facts.remotePort}`
  return `,"remoteEndpoint":{${service}${comma}${address}${port}}`
}
