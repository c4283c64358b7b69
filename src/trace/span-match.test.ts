import { describe, expect, it } from 'vitest'
import type { Micros } from '../model/micros.ts'
import type { Span } from '../model/span.ts'
import { matches, type SpanQuery } from './span-match.ts'
import { makeSpan } from './testdata/make-span.ts'

const span: Span = {
  ...makeSpan({
    id: 1,
    name: 'GET /books',
    kind: 'client',
    duration: 500,
    failed: true,
    attributes: [
      { key: 'http.status_code', value: 503n },
      { key: 'ratio', value: 72.5 },
      { key: 'cached', value: false },
      { key: 'twice', value: 'one' },
      { key: 'twice', value: 'two' },
      { key: 'error', value: 'timed out' },
    ],
    resource: { service: 'shop', attributes: [{ key: 'host.id', value: 'h1' }] },
    events: [{ time: 1 as Micros, name: 'retry', attributes: [{ key: 'attempt', value: 2n }] }],
    local: { ipv4: '10.0.0.1', port: 8080 },
    remote: { service: 'stock', ipv6: '2001:db8::1', port: 80 },
  }),
  status: { code: 'error', message: 'too late' },
  scope: { name: 'lib', version: '1.2', attributes: [] },
  traceState: 'a=b',
}

const attribute = (key: string, value: string): SpanQuery => ({ attributes: [{ key, value }] })

describe('a query of one span', () => {
  it.each<SpanQuery>([
    {},
    { service: 'shop', operation: 'GET /books', kind: 'client' },
    { minDuration: 500 as Micros, maxDuration: 500 as Micros },
    attribute('http.status_code', '503'),
    attribute('ratio', '72.5'),
    attribute('cached', 'false'),
    attribute('twice', 'two'),
    attribute('error', 'true'),
    attribute('error', 'timed out'),
    attribute('span.kind', 'client'),
    attribute('otel.status_code', 'ERROR'),
    attribute('otel.status_description', 'too late'),
    attribute('otel.scope.name', 'lib'),
    attribute('otel.scope.version', '1.2'),
    attribute('w3c.tracestate', 'a=b'),
    attribute('peer.service', 'stock'),
    attribute('network.peer.address', '2001:db8::1'),
    attribute('net.peer.port', '80'),
    attribute('network.local.address', '10.0.0.1'),
    attribute('net.host.port', '8080'),
    attribute('host.id', 'h1'),
    attribute('attempt', '2'),
    attribute('event', 'retry'),
    {
      attributes: [
        { key: 'cached', value: 'false' },
        { key: 'host.id', value: 'h1' },
      ],
    },
  ])('holds for the span: %j', query => {
    expect(matches(span, query)).toBe(true)
  })

  it.each<SpanQuery>([
    { service: 'stock' },
    { operation: 'GET' },
    { kind: 'server' },
    { minDuration: 501 as Micros },
    { maxDuration: 499 as Micros },
    attribute('http.status_code', '50'),
    attribute('http.status_code', '503.0'),
    attribute('Cached', 'false'),
    attribute('error', 'false'),
    attribute('span.kind', 'server'),
    attribute('absent', ''),
    attribute('network.peer.address', '10.0.0.1'),
    attribute('net.peer.port', ''),
    {
      attributes: [
        { key: 'cached', value: 'false' },
        { key: 'host.id', value: 'h2' },
      ],
    },
  ])('does not hold: %j', query => {
    expect(matches(span, query)).toBe(false)
  })

  it('takes a span that did not fail for error=false', () => {
    expect(matches(makeSpan({ id: 1 }), attribute('error', 'false'))).toBe(true)
    expect(matches(makeSpan({ id: 1 }), attribute('error', 'true'))).toBe(false)
    expect(matches(makeSpan({ id: 1 }), attribute('otel.status_code', 'UNSET'))).toBe(false)
  })
})
