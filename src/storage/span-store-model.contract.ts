import fc from 'fast-check'
import type { TraceId } from '../model/ids.ts'
import { type Micros, micros } from '../model/micros.ts'
import type { Span } from '../model/span.ts'
import type { TraceQuery } from './span-store.ts'
import { EVER, NOW } from './span-store-fixture.contract.ts'

export interface SmallSpan {
  readonly trace: number
  readonly id: number
  readonly service: string
  readonly name: string
  readonly kind: 'CLIENT' | 'SERVER'
  readonly start: number
  readonly duration: number
  readonly tags: Readonly<Record<string, string>>
}

export function anySpan(): fc.Arbitrary<SmallSpan> {
  return fc.record({
    trace: fc.integer({ min: 0, max: 7 }),
    id: fc.integer({ min: 1, max: 50 }),
    service: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('x', 'y'),
    kind: fc.constantFrom('CLIENT', 'SERVER'),
    start: fc.integer({ min: NOW, max: NOW + 9 }),
    duration: fc.integer({ min: 1, max: 4 }),
    tags: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('1', '2'), { noNullPrototype: true }),
  })
}

export type AskedQuery = TraceQuery & { readonly service: string }

export function anyQuery(): fc.Arbitrary<AskedQuery> {
  const attribute = fc.record({ key: fc.constantFrom('k', 'l'), value: fc.constantFrom('1', '2') })
  return fc.record(
    {
      service: fc.constantFrom('a', 'b'),
      operation: fc.constantFrom('x', 'y'),
      kind: fc.constantFrom('client', 'server'),
      attributes: fc.array(attribute, { maxLength: 2 }),
      minDuration: fc.integer({ min: 1, max: 4 }).map(micros),
      maxDuration: fc.integer({ min: 1, max: 4 }).map(micros),
      range: fc.constantFrom(EVER, { from: micros(NOW + 3), to: micros(NOW + 6) }),
      limit: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ['service', 'range', 'limit'] },
  )
}

/** The plain way: no index, and its own words for what matches. */
export function everyMatch(
  spans: readonly Span[],
  query: AskedQuery,
): readonly { traceId: TraceId; newestMatch: Micros }[] {
  const newest = new Map<TraceId, Micros>()
  for (const span of spans) {
    const asked = [
      span.resource.service === query.service,
      span.name === (query.operation ?? span.name),
      span.kind === (query.kind ?? span.kind),
      span.start >= query.range.from && span.start <= query.range.to,
      span.duration >= (query.minDuration ?? 0) && span.duration <= (query.maxDuration ?? 9),
      ...(query.attributes ?? []).map(({ key, value }) =>
        span.attributes.some(attribute => attribute.key === key && attribute.value === value),
      ),
    ]
    const before = newest.get(span.traceId) ?? 0
    if (asked.every(Boolean) && span.start > before) newest.set(span.traceId, span.start)
  }
  return [...newest]
    .map(([traceId, newestMatch]) => ({ traceId, newestMatch }))
    .sort((left, right) => right.newestMatch - left.newestMatch || (left.traceId < right.traceId ? -1 : 1))
}
