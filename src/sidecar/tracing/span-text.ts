import type { SidecarIdentity } from '../../model/sidecar-config.ts'
import { decimal, decimalTime } from './decimal.ts'
import { asciiJson, jsonOfLatin1 } from './latin1-text.ts'
import { repeatedDestination, repeatedEndpoint, repeatedRequest, repeatedText } from './repeated-text.ts'
import type { SpanFacts } from './span-facts.ts'

export type ZipkinKind = 'CLIENT' | 'SERVER'

/** Prints one span as Zipkin v2 JSON, all of it ASCII. */
export type SpanPrinter = (facts: SpanFacts) => string

/**
 * What does not change is put together once, what repeats is remembered. Texts are added up rather than put into one
 * template: that asks the type of each of its parts anew.
 */
export function createSpanPrinter(kind: ZipkinKind, identity: SidecarIdentity): SpanPrinter {
  const family = identity.address.includes(':') ? 'ipv6' : 'ipv4'
  const local = asciiJson({ serviceName: identity.workload, [family]: identity.address })
  const constant = asciiJson({
    component: 'proxy',
    node_id: identity.podUid,
    'k8s.namespace.name': identity.namespace,
    'k8s.pod.name': identity.pod,
  }).slice(0, -1)
  const begin = `,"kind":"${kind}","localEndpoint":${local},"name":`
  const request = repeatedRequest(begin, `,"tags":${constant},`)
  const endpoint = repeatedEndpoint()
  const destination = repeatedDestination()
  const userAgent = repeatedText()

  function moreTags(facts: SpanFacts): string {
    let text = ',"request_size":"'
    text += decimal(facts.requestBytes)
    text += '","response_size":"'
    text += decimal(facts.responseBytes)
    text += '"'
    text += destination(facts)
    if (facts.requestId !== '') text += `,"guid:x-request-id":${jsonOfLatin1(facts.requestId)}`
    if (facts.userAgent !== '') text += `,"user_agent":${userAgent(facts.userAgent)}`
    text += facts.headerTags
    text += facts.callTags
    if (facts.error !== '') text += `,"error":${jsonOfLatin1(facts.error)}`
    return text
  }

  return facts => {
    let text = idsAndTimes(facts)
    text += endpoint(facts)
    text += request(facts)
    text += moreTags(facts)
    text += '}}'
    return text
  }
}

function idsAndTimes(facts: SpanFacts): string {
  let text = '{"traceId":"'
  text += facts.traceId
  text += '","id":"'
  text += facts.spanId
  if (facts.parentId !== undefined) {
    text += '","parentId":"'
    text += facts.parentId
  }
  text += '","timestamp":'
  text += decimalTime(facts.start)
  text += ',"duration":'
  text += decimal(facts.duration)
  if (facts.shared) text += ',"shared":true'
  if (facts.debug) text += ',"debug":true'
  return text
}
