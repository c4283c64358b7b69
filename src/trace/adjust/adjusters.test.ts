import { describe, expect, it } from 'vitest'
import type { Attribute } from '../../model/attributes.ts'
import type { SpanId, TraceId } from '../../model/ids.ts'
import type { Micros } from '../../model/micros.ts'
import type { Resource, Span } from '../../model/span.ts'
import type { AdjustedTrace } from '../../model/trace.ts'
import { makeSpan, type SpanSketch, TRACE_ID } from '../testdata/make-span.ts'
import { type Adjust, replaceSpans, sequence, unadjusted } from './adjust.ts'
import { removeEmptyLinks } from './empty-links.ts'
import { writeIpAttributesWithDots } from './ip-attributes.ts'
import { moveLibraryAttributes } from './library-attributes.ts'
import { dropRepeatedSpans } from './repeated-spans.ts'
import { splitSharedSpanIds } from './shared-span-ids.ts'
import { sortCollections } from './sort-collections.ts'

const run = (adjust: Adjust, spans: readonly Span[]): AdjustedTrace =>
  adjust(unadjusted({ traceId: TRACE_ID, spans }))

const runOn = (adjust: Adjust, ...sketches: readonly SpanSketch[]): AdjustedTrace =>
  run(adjust, sketches.map(makeSpan))

const family = ({ spans }: AdjustedTrace): readonly string[] =>
  spans.map(
    ({ kind, spanId, parentId }) =>
      `${kind} ${Number.parseInt(spanId, 16)}<${parentId === undefined ? '' : Number.parseInt(parentId, 16)}`,
  )

describe('a sequence of adjusters', () => {
  it('goes from first to last, and warnings stay with their span', () => {
    const renamed =
      (name: string): Adjust =>
      trace =>
        replaceSpans(trace, (span, warn) => {
          if (span.parentId !== undefined) warn(`now ${name}`)
          return { ...span, name }
        })
    const trace = runOn(sequence(renamed('a'), renamed('b')), { id: 1 }, { id: 2, parent: 1 })
    expect(trace.spans.map(({ name }) => name)).toEqual(['b', 'b'])
    expect(trace.spans.map(span => trace.warnings.get(span))).toEqual([undefined, ['now a', 'now b']])
  })
})

describe('ids that client and server share', () => {
  it('become two, the server below the client, all else below the server', () => {
    const trace = runOn(
      splitSharedSpanIds,
      { id: 5, kind: 'client', service: 'a' },
      { id: 5, kind: 'server', service: 'b' },
      { id: 7, parent: 5, kind: 'client', service: 'b' },
      { id: 7, parent: 5, kind: 'server', service: 'c' },
      { id: 1, parent: 7, service: 'c' },
    )
    expect(family(trace)).toEqual(['client 5<', 'server 2<5', 'client 7<2', 'server 3<7', 'unspecified 1<3'])
  })

  it('stay where only one half is there, or the kinds are others', () => {
    const sketches: SpanSketch[] = [
      { id: 5, kind: 'server', parent: 4 },
      { id: 6, kind: 'client' },
      { id: 6, kind: 'consumer' },
    ]
    const trace = unadjusted({ traceId: TRACE_ID, spans: sketches.map(makeSpan) })
    expect(splitSharedSpanIds(trace)).toBe(trace)
  })

  it('lead to the server half of the own service where there are several', () => {
    const trace = runOn(
      splitSharedSpanIds,
      { id: 5, kind: 'client', service: 'a' },
      { id: 5, kind: 'server', service: 'b' },
      { id: 5, kind: 'server', service: 'c' },
      { id: 9, parent: 5, service: 'b' },
      { id: 10, parent: 5, service: 'x' },
    )
    expect(family(trace)).toEqual([
      'client 5<',
      'server 1<5',
      'server 2<5',
      'unspecified 9<1',
      'unspecified 10<2',
    ])
  })
})

describe('collections', () => {
  it('are sorted, attributes by key and events by time, and shared resources stay shared', () => {
    const attributes: Attribute[] = [
      { key: 'b', value: 1n },
      { key: 'a', value: 2n },
      { key: 'b', value: 0n },
    ]
    const sorted = [attributes[1], attributes[0], attributes[2]]
    const resource: Resource = { service: 's', attributes }
    const events = [
      { time: 2 as Micros, name: 'a', attributes },
      { time: 1 as Micros, nanos: 5, name: 'c', attributes: [] },
      { time: 1 as Micros, name: 'b', attributes: [] },
    ]
    const links = [{ traceId: TRACE_ID, spanId: '000000000000000a' as SpanId, attributes }]
    const { spans } = runOn(
      sortCollections,
      { id: 1, attributes, resource, events, links },
      { id: 2, resource },
    )
    expect(spans[0]).toMatchObject({
      attributes: sorted,
      events: [{ name: 'b' }, { name: 'c' }, { name: 'a', attributes: sorted }],
      links: [{ attributes: sorted }],
      resource: { attributes: sorted },
    })
    expect(spans[0]?.resource).toBe(spans[1]?.resource)
  })
})

describe('repeated spans', () => {
  const a: Attribute = { key: 'a', value: 1n }
  const b: Attribute = { key: 'b', value: 'x' }

  it('are dropped where everything is the same, in whatever order it came', () => {
    const trace = runOn(
      dropRepeatedSpans,
      { id: 1, attributes: [a, b] },
      { id: 2 },
      { id: 1, attributes: [b, a] },
      { id: 2 },
    )
    expect(trace.spans).toHaveLength(2)
  })

  it.each<Partial<SpanSketch>>([
    { attributes: [{ key: 'a', value: 1 }] },
    { attributes: [{ key: 'a', value: '1' }] },
    { attributes: [] },
    { service: 'other' },
    { kind: 'server' },
    { duration: 9 },
    { local: { port: 1 } },
    { events: [{ time: 1 as Micros, name: 'e', attributes: [] }] },
  ])('stay where they differ: %s', difference => {
    const trace = runOn(
      dropRepeatedSpans,
      { id: 1, attributes: [a] },
      { id: 1, attributes: [a], ...difference },
    )
    expect(trace.spans).toHaveLength(2)
  })
})

describe('addresses as numbers', () => {
  it('get their dots, on spans and resources', () => {
    const resource: Resource = { service: 's', attributes: [{ key: 'ip', value: 2130706433n }] }
    const { spans } = runOn(
      writeIpAttributesWithDots,
      {
        id: 1,
        resource,
        attributes: [
          { key: 'peer.ipv4', value: -1062731775n },
          { key: 'ip', value: 167772161 },
          { key: 'peer.port', value: 80n },
        ],
      },
      { id: 2, resource, attributes: [{ key: 'ip', value: '10.0.0.1' }] },
    )
    expect(spans[0]?.attributes.map(({ value }) => value)).toEqual(['192.168.0.1', '10.0.0.1', 80n])
    expect(spans[1]?.attributes.map(({ value }) => value)).toEqual(['10.0.0.1'])
    expect(spans[0]?.resource.attributes).toEqual([{ key: 'ip', value: '127.0.0.1' }])
    expect(spans[0]?.resource).toBe(spans[1]?.resource)
  })
})

describe('attributes about the library', () => {
  const name = (value: string): Attribute => ({ key: 'telemetry.sdk.name', value })
  const other: Attribute = { key: 'x', value: 'y' }

  it('move to the resource of all its spans', () => {
    const resource: Resource = { service: 's', attributes: [] }
    const { spans } = runOn(
      moveLibraryAttributes,
      { id: 1, resource },
      { id: 2, resource, attributes: [name('otel'), other] },
      { id: 3, attributes: [other] },
    )
    expect(spans[0]?.resource).toEqual({ service: 's', attributes: [name('otel')] })
    expect(spans[1]).toMatchObject({ attributes: [other], resource: { attributes: [name('otel')] } })
    expect(spans[0]?.resource).toBe(spans[1]?.resource)
    expect(spans[2]?.resource.attributes).toEqual([])
  })

  it('stay, with a warning, where the resource says something else', () => {
    const resource: Resource = { service: 's', attributes: [name('mine')] }
    const trace = runOn(moveLibraryAttributes, { id: 1, resource, attributes: [name('otel')] })
    const [span] = trace.spans
    expect(span?.attributes).toEqual([name('otel')])
    expect(span && trace.warnings.get(span)).toEqual([
      'conflicting values between Span and Resource for attribute telemetry.sdk.name',
    ])
  })
})

describe('links', () => {
  it('that lead nowhere are removed, with a warning each', () => {
    const link = (traceId: string, spanId: string): Span['links'][number] => ({
      traceId: traceId as TraceId,
      spanId: spanId as SpanId,
      attributes: [],
    })
    const good = link(TRACE_ID, '000000000000000a')
    const trace = runOn(removeEmptyLinks, {
      id: 1,
      links: [link('0'.repeat(32), '000000000000000a'), good, link(TRACE_ID, '')],
    })
    const [span] = trace.spans
    expect(span?.links).toEqual([good])
    expect(span && trace.warnings.get(span)).toEqual([
      'Invalid span link removed',
      'Invalid span link removed',
    ])
  })
})
