import type { SpanNaming } from '../../model/mesh-config.ts'
import { copyOf } from '../http/copied-text.ts'
import { asciiJson, decodeLatin1 } from './latin1-text.ts'
import { pathTemplate } from './path-template.ts'

export interface NamedRequest {
  readonly method: string
  /** Latin-1, as it came. */
  readonly target: string
  readonly host: string
}

/** Names for spans, bounded: names are what people choose from in lists. */
export interface SpanNames {
  /** As a JSON string, with its quotes. */
  nameOf(request: NamedRequest, naming: SpanNaming): string
  /** The same for a connection to this place. */
  nameOfRelay(place: string): string
}

const MOST_NAMES = 200

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])
/** OpenTelemetry's word for a method that nobody knows. */
const OTHER_METHOD = 'HTTP'
const RELAY = 'TCP'

/** Most requests ask for what others asked for just before. */
const MOST_REMEMBERED = 500
const LONGEST_REMEMBERED = 100

export function createSpanNames(most: number = MOST_NAMES): SpanNames {
  const known = new Set<string>()
  // Apart: who opens tunnels to many hosts shall not cost requests their names.
  const relays = new Set<string>()
  const remembered = new Map<string, Map<string, string>>()

  function bounded(name: string, instead: string, among = known): string {
    if (among.has(name)) return name
    if (among.size >= most) return instead
    among.add(name)
    return name
  }

  function ofPath(method: string, target: string): string {
    let names = remembered.get(method)
    if (names === undefined) {
      names = new Map()
      remembered.set(method, names)
    }
    const before = names.get(target)
    if (before !== undefined) return before
    const name = asciiJson(bounded(`${method} ${decodeLatin1(pathTemplate(target))}`, method))
    if (names.size >= MOST_REMEMBERED) names.clear()
    if (target.length <= LONGEST_REMEMBERED) names.set(copyOf(target), name)
    return name
  }

  return {
    nameOf(request, naming) {
      const method = METHODS.has(request.method) ? request.method : OTHER_METHOD
      if (naming === 'path') return ofPath(method, request.target)
      return asciiJson(bounded(decodeLatin1(request.host), method))
    },
    nameOfRelay: place => asciiJson(bounded(place === '' ? RELAY : `${RELAY} ${place}`, RELAY, relays)),
  }
}
