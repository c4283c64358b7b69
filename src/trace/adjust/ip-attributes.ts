import type { Attribute, Attributes } from '../../model/attributes.ts'
import type { Resource } from '../../model/span.ts'
import { type Adjust, replaceSpans } from './adjust.ts'

const KEYS: ReadonlySet<string> = new Set(['ip', 'peer.ipv4'])

/** Jaeger's old clients wrote IPv4 addresses as 32-bit numbers; shows them with dots. */
export const writeIpAttributesWithDots: Adjust = trace => {
  const resources = new Map<Resource, Resource>()
  return replaceSpans(trace, span => {
    const attributes = withDots(span.attributes)
    let resource = resources.get(span.resource)
    if (resource === undefined) {
      const dotted = withDots(span.resource.attributes)
      resource =
        dotted === span.resource.attributes ? span.resource : { ...span.resource, attributes: dotted }
      resources.set(span.resource, resource)
    }
    return attributes === span.attributes && resource === span.resource
      ? span
      : { ...span, attributes, resource }
  })
}

function withDots(attributes: Attributes): Attributes {
  return attributes.some(isNumericAddress)
    ? attributes.map(attribute => (isNumericAddress(attribute) ? dotted(attribute) : attribute))
    : attributes
}

function isNumericAddress({ key, value }: Attribute): boolean {
  return KEYS.has(key) && (typeof value === 'bigint' || typeof value === 'number')
}

function dotted({ key, value }: Attribute): Attribute {
  const bits = typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : Number(value) >>> 0
  return { key, value: [24, 16, 8, 0].map(by => (bits >>> by) & 255).join('.') }
}
