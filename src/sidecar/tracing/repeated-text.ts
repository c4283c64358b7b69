import { copyOf } from '../http/copied-text.ts'
import { decimal } from './decimal.ts'
import { jsonOfLatin1 } from './latin1-text.ts'
import type { SpanFacts } from './span-facts.ts'

/** Texts of spans that are mostly the same as before, as JSON; what they were made of is Latin-1. */
export type RepeatedText = (latin1: string) => string

/** Remembers the last one only: clients of one sidecar are few. */
export function repeatedText(): RepeatedText {
  let last = ''
  let json = '""'
  return latin1 => {
    if (latin1 === last) return json
    json = jsonOfLatin1(latin1)
    last = copyOf(latin1)
    return json
  }
}

const MOST_REMEMBERED = 500
const LONGEST_REMEMBERED = 100

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.size >= MOST_REMEMBERED) map.clear()
  map.set(key, value)
}

type Asked = Pick<SpanFacts, 'name' | 'host' | 'target' | 'method' | 'protocol' | 'status'>

interface AskedText extends Asked {
  readonly text: string
}

/** The text of a part of a span. */
export type SpanPart<Facts> = (facts: Facts) => string

/**
 * Name and tags that requests for the same have, between `begin` and the place for more tags. Most ask for what others
 * asked for just before, and are answered alike.
 */
export function repeatedRequest(begin: string, tags: string): SpanPart<Asked> {
  const texts = new Map<string, AskedText>()

  function print({ name, host, target, method, protocol, status }: Asked): string {
    const url = jsonOfLatin1(`http://${host}${target === '*' ? '' : target}`)
    const answered = status === 0 ? '' : `,"http.status_code":"${decimal(status)}"`
    const asked = `"http.url":${url},"http.method":"${method}","http.protocol":"${protocol}"`
    return `${begin}${name}${tags}${asked}${answered}`
  }

  return facts => {
    const before = texts.get(facts.target)
    if (before !== undefined && isSameRequest(before, facts)) return before.text
    const text = copyOf(print(facts))
    const { name, host, target, method, protocol, status } = facts
    if (target.length <= LONGEST_REMEMBERED) {
      const key = copyOf(target)
      remember(texts, key, {
        name,
        host: copyOf(host),
        target: key,
        method: copyOf(method),
        protocol,
        status,
        text,
      })
    }
    return text
  }
}

function isSameRequest(one: Asked, other: Asked): boolean {
  return (
    one.host === other.host &&
    one.status === other.status &&
    one.method === other.method &&
    one.name === other.name &&
    one.protocol === other.protocol
  )
}

type OtherSide = Pick<SpanFacts, 'remoteService' | 'remoteAddress' | 'remotePort'>

interface OtherSideText extends OtherSide {
  readonly text: string
}

/** `remoteEndpoint`, by port: those of clients are seldom the same, and those of endpoints mostly belong to few. */
export function repeatedEndpoint(): SpanPart<OtherSide> {
  const texts = new Map<number, OtherSideText>()
  return facts => {
    const { remoteService, remoteAddress, remotePort } = facts
    const before = texts.get(remotePort)
    const same = before?.remoteAddress === remoteAddress && before.remoteService === remoteService
    if (same) return before.text
    const text = copyOf(endpointText(facts))
    remember(texts, remotePort, { remoteService, remoteAddress, remotePort, text })
    return text
  }
}

/** Addresses are ASCII. */
function endpointText({ remoteService, remoteAddress, remotePort }: OtherSide): string {
  const parts: string[] = []
  if (remoteService !== '') parts.push(`"serviceName":${jsonOfLatin1(remoteService)}`)
  if (remoteAddress !== '')
    parts.push(`"${remoteAddress.includes(':') ? 'ipv6' : 'ipv4'}":"${remoteAddress}"`)
  if (parts.length === 0) return ''
  if (remotePort !== 0) parts.push(`"port":${decimal(remotePort)}`)
  return `,"remoteEndpoint":{${parts.join(',')}}`
}

type Chosen = Pick<SpanFacts, 'peer' | 'cluster'>

interface ChosenText extends Chosen {
  readonly text: string
}

/** Tags of where the request went. An endpoint belongs to few clusters. */
export function repeatedDestination(): SpanPart<Chosen> {
  const texts = new Map<string, ChosenText>()
  return ({ peer, cluster }) => {
    const before = texts.get(peer)
    if (before?.cluster === cluster) return before.text
    let text = peer === '' ? '' : `,"peer.address":${peer}`
    if (cluster !== '') text += `,"upstream_cluster":${cluster}`
    remember(texts, peer, { peer, cluster, text: copyOf(text) })
    return text
  }
}
