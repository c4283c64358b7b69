import { attributeText } from '../../model/attribute-text.ts'
import { type Attribute, type AttributeValue, findAttribute } from '../../model/attributes.ts'
import type { Resource, Span } from '../../model/span.ts'
import { type Adjust, replaceSpans } from './adjust.ts'

const LIBRARY_KEYS: ReadonlySet<string> = new Set([
  'telemetry.sdk.language',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'telemetry.distro.name',
  'telemetry.distro.version',
])

/** Moves attributes about the tracing library from spans to their resource, unless that says something else. */
export const moveLibraryAttributes: Adjust = trace => {
  const resources = enrich(trace.spans)
  if (resources.size === 0) return trace
  return replaceSpans(trace, (span, warn) => {
    const resource = resources.get(span.resource)
    if (resource === undefined) return span
    const attributes = span.attributes.filter(attribute => {
      if (!LIBRARY_KEYS.has(attribute.key)) return true
      if (isSame(findAttribute(resource.attributes, attribute.key), attribute.value)) return false
      warn(`conflicting values between Span and Resource for attribute ${attribute.key}`)
      return true
    })
    return { ...span, attributes, resource }
  })
}

/** Each resource whose spans have such attributes, with those that it lacked: the first value that a span had. */
function enrich(spans: readonly Span[]): ReadonlyMap<Resource, Resource> {
  const enriched = new Map<Resource, Resource>()
  for (const { attributes, resource } of spans) {
    for (const attribute of attributes) {
      if (!LIBRARY_KEYS.has(attribute.key)) continue
      enriched.set(resource, withAttribute(enriched.get(resource) ?? resource, attribute))
    }
  }
  return enriched
}

function withAttribute(resource: Resource, attribute: Attribute): Resource {
  if (findAttribute(resource.attributes, attribute.key) !== undefined) return resource
  return { ...resource, attributes: [...resource.attributes, attribute] }
}

function isSame(left: AttributeValue | undefined, right: AttributeValue): boolean {
  return left !== undefined && typeof left === typeof right && attributeText(left) === attributeText(right)
}
