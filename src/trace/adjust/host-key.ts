import { attributeText } from '../../model/attribute-text.ts'
import { type AttributeValue, findAttribute } from '../../model/attributes.ts'
import type { Span } from '../../model/span.ts'

/**
 * Names the machine, that is, the clock, on which a span ran; empty where that is not known. In this order: the
 * resource's `host.id`, the first `host.ip`, `host.name` (as Jaeger v2), `ip` (the process tag that Jaeger v1
 * used), and the local endpoint's address, which is all that Zipkin senders say. All addresses of the loopback
 * are one host: whoever is seen by one runs on the same machine.
 */
export function hostKey(span: Span): string {
  const { attributes } = span.resource
  const id = textOf(findAttribute(attributes, 'host.id'))
  if (id !== '') return id
  const ip = textOf(findAttribute(attributes, 'host.ip'))
  if (ip !== '') return addressKey(ip)
  const name = textOf(findAttribute(attributes, 'host.name'))
  if (name !== '') return name
  const address = textOf(findAttribute(attributes, 'ip'))
  return addressKey(address === '' ? (span.local?.ipv4 ?? span.local?.ipv6 ?? '') : address)
}

function textOf(value: AttributeValue | undefined): string {
  if (value === undefined) return ''
  if (!Array.isArray(value)) return attributeText(value)
  const [first] = value
  return first === undefined ? '' : attributeText(first)
}

function addressKey(address: string): string {
  return address.startsWith('127.') || address === '::1' ? 'loopback' : address
}
