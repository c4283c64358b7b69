import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DependencyLink } from '../model/trace.ts'
import { dependencies } from './dependencies.ts'
import { makeChain, makeSpan, type SpanSketch } from './testdata/make-span.ts'

const linksOf = (...sketches: readonly SpanSketch[]): readonly string[] =>
  dependencies([sketches.map(makeSpan)]).map(
    ({ parent, child, callCount, errorCount }) => `${parent}>${child} ${callCount}/${errorCount}`,
  )

describe('dependencies', () => {
  it('link the halves of a shared id', () => {
    expect(
      linksOf(
        { id: 1, service: 'front', kind: 'client' },
        { id: 1, service: 'shop', kind: 'server', failed: true },
        { id: 2, parent: 1, service: 'shop', kind: 'client' },
        { id: 2, parent: 1, service: 'stock', kind: 'server' },
      ),
    ).toEqual(['front>shop 1/1', 'shop>stock 1/0'])
  })

  it('link a client with the server below it', () => {
    expect(
      linksOf(
        { id: 1, service: 'front', kind: 'server' },
        { id: 2, parent: 1, service: 'front', kind: 'client' },
        { id: 3, parent: 2, service: 'shop', kind: 'server' },
      ),
    ).toEqual(['front>shop 1/0'])
  })

  it('end at what sends no spans, but is named', () => {
    const database: SpanSketch = { id: 2, parent: 1, service: 'shop', kind: 'client', failed: true }
    expect(linksOf({ ...database, remote: { service: 'mysql' } })).toEqual(['shop>mysql 1/1'])
    expect(linksOf({ ...database, attributes: [{ key: 'peer.service', value: 'mysql' }] })).toEqual([
      'shop>mysql 1/1',
    ])
    expect(linksOf({ id: 1, service: 'shop', remote: { service: 'cache' } })).toEqual(['shop>cache 1/0'])
    expect(linksOf({ id: 1, service: 'shop', kind: 'producer', remote: { service: 'queue' } })).toEqual([
      'shop>queue 1/0',
    ])
  })

  it('do not take the word of a client whose server has answered', () => {
    const client: SpanSketch = { id: 1, service: 'a', kind: 'client', remote: { service: 'alias-of-b' } }
    expect(linksOf(client, { id: 1, service: 'b', kind: 'server' })).toEqual(['a>b 1/0'])
    expect(linksOf(client, { id: 2, parent: 1, service: 'b', kind: 'server' })).toEqual(['a>b 1/0'])
  })

  it('begin at a caller that sends no spans, but is named', () => {
    expect(linksOf({ id: 1, service: 'b', kind: 'server', remote: { service: 'browser' } })).toEqual([
      'browser>b 1/0',
    ])
  })

  it('have no link to oneself, and none without a name', () => {
    expect(
      linksOf(
        { id: 1, service: 'a', kind: 'client', remote: { service: 'a' } },
        { id: 2, parent: 1, service: '' },
        { id: 3, parent: 9, service: 'b' },
        { id: 4, parent: 4, service: 'b' },
      ),
    ).toEqual([])
  })

  it('add up over traces', () => {
    const trace = [
      makeSpan({ id: 1, service: 'a' }),
      makeSpan({ id: 2, parent: 1, service: 'b' }),
      makeSpan({ id: 3, parent: 1, service: 'b', failed: true }),
    ]
    expect(dependencies([trace, trace])).toEqual<DependencyLink[]>([
      { parent: 'a', child: 'b', callCount: 4, errorCount: 2 },
    ])
  })

  it('are the same for spans that were received twice, and in any order', () => {
    const sketches = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 6 }),
        parent: fc.integer({ min: 1, max: 6 }),
        service: fc.constantFrom('a', 'b', 'c'),
        start: fc.nat({ max: 1000 }),
      }),
      { selector: ({ id }) => id, maxLength: 6 },
    )
    fc.assert(
      fc.property(sketches, list => {
        const spans = list.map(makeSpan)
        const again = list.toReversed().map(makeSpan)
        expect(dependencies([[...spans, ...again]])).toEqual(dependencies([spans]))
        expect(dependencies([again])).toEqual(dependencies([spans]))
      }),
    )
  })

  it('take a deep trace', () => {
    expect(dependencies([makeChain(20_000)])).toEqual([
      { parent: 's0', child: 's1', callCount: 9_999, errorCount: 0 },
      { parent: 's1', child: 's0', callCount: 10_000, errorCount: 0 },
    ])
  })
})
