import { describe, expect, it } from 'vitest'
import type { Micros } from '../model/micros.ts'
import { matches, type SpanQuery } from './span-match.ts'
import { makeSpan } from './testdata/make-span.ts'

const span = makeSpan({
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
  remote: { service: 'stock' },
})

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
    attribute('peer.service', 'stock'),
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
