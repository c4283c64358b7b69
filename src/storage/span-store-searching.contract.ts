import fc from 'fast-check'
import { expect } from 'vitest'
import type { TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import type { SpanStore, TraceQuery } from './span-store.ts'
import {
  type ContractTest,
  decoded,
  find,
  findInPages,
  NOW,
  spanId,
  spanIds,
  traceId,
  write,
  zipkinSpan,
} from './span-store-fixture.contract.ts'
import { anyQuery, anySpan, everyMatch } from './span-store-model.contract.ts'

const us = (value: number): Micros => value as Micros

/** What a search finds, and in which order. */
export function searchingContract(test: ContractTest): void {
  predicates(test)
  order(test)
  paging(test)

  test('finds what a look at every span finds', async store => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySpan(), { maxLength: 30 }), anyQuery(), async (spans, query) => {
        // Each run has services of its own, for the store stays.
        const run = `run-${++runs}`
        const own = spans.map(span =>
          zipkinSpan({ ...span, service: `${run}-${span.service}`, trace: runs * 16 + span.trace }),
        )
        await write(store, own)
        const asked = { ...query, service: `${run}-${query.service}` }
        const page = await find(store, asked)
        expect(page.traces.map(({ traceId, newestMatch }) => ({ traceId, newestMatch }))).toEqual(
          everyMatch(decoded(own), asked).slice(0, query.limit),
        )
        for (const trace of page.traces) {
          expect(trace.spans).toHaveLength(own.filter(span => span['traceId'] === trace.traceId).length)
        }
      }),
      { numRuns: 100 },
    )
  })
}

let runs = 0

function predicates(test: ContractTest): void {
  const one = zipkinSpan({
    trace: 1,
    id: 1,
    service: 'shop',
    name: 'get /item',
    kind: 'CLIENT',
    duration: 500,
    tags: { 'http.method': 'GET', empty: '' },
  })
  const two = zipkinSpan({
    trace: 1,
    id: 2,
    service: 'stock',
    name: 'post /order',
    kind: 'SERVER',
    start: NOW + 100,
    duration: 900,
    tags: { 'http.method': 'POST', error: 'no' },
  })
  const other = zipkinSpan({ trace: 2, id: 3, service: 'bank', name: 'pay', start: NOW + 200, duration: 700 })

  const attribute = (key: string, value: string): Partial<TraceQuery> => ({ attributes: [{ key, value }] })
  const range = (from: number, to: number): Partial<TraceQuery> => ({ range: { from: us(from), to: us(to) } })
  const cases: readonly (readonly [string, Partial<TraceQuery>, readonly number[]])[] = [
    ['nothing', {}, [2, 1]],
    ['the service', { service: 'shop' }, [1]],
    ['a service in other letters', { service: 'Shop' }, []],
    ['the operation', { operation: 'pay' }, [2]],
    ['the kind', { kind: 'server' }, [1]],
    ['the kind that was not named', { kind: 'unspecified' }, [2]],
    ['an attribute', attribute('http.method', 'POST'), [1]],
    ['an attribute that is empty', attribute('empty', ''), [1]],
    ['a part of an attribute', attribute('http.method', 'PO'), []],
    [
      'two attributes',
      {
        attributes: [
          { key: 'http.method', value: 'GET' },
          { key: 'empty', value: '' },
        ],
      },
      [1],
    ],
    ['a failure', attribute('error', 'true'), [1]],
    ['no failure', { service: 'stock', ...attribute('error', 'false') }, []],
    ['the kind as an attribute', attribute('span.kind', 'client'), [1]],
    ['the least duration, inclusive', { minDuration: us(900) }, [1]],
    ['a longer duration', { minDuration: us(901) }, []],
    ['the greatest duration, inclusive', { maxDuration: us(500) }, [1]],
    ['a shorter duration', { maxDuration: us(499) }, []],
    ['both durations', { minDuration: us(501), maxDuration: us(899) }, [2]],
    ['a range with the start on its end', range(0, NOW), [1]],
    ['a range that ends before', range(0, NOW - 1), []],
    ['a range with the start on its beginning', range(NOW + 200, NOW + 300), [2]],
    ['a range that begins behind', range(NOW + 201, NOW + 300), []],
    ['a range between the spans of a trace', range(NOW + 1, NOW + 99), []],
    [
      'all at once',
      {
        service: 'stock',
        operation: 'post /order',
        kind: 'server',
        minDuration: us(900),
        ...attribute('http.method', 'POST'),
      },
      [1],
    ],
    ['a service and an operation of different spans', { service: 'shop', operation: 'post /order' }, []],
    [
      'a service and an attribute of different spans',
      { service: 'shop', ...attribute('http.method', 'POST') },
      [],
    ],
    ['a kind and a duration of different spans', { kind: 'client', minDuration: us(600) }, []],
    [
      'attributes of different spans',
      {
        attributes: [
          { key: 'http.method', value: 'GET' },
          { key: 'error', value: 'no' },
        ],
      },
      [],
    ],
    [
      'an operation and a range of different spans',
      { operation: 'get /item', ...range(NOW + 1, NOW + 150) },
      [],
    ],
  ]
  for (const [name, query, expected] of cases) {
    test(`asks one span for ${name}`, async store => {
      await write(store, [one, two, other])
      const { traces, next } = await find(store, query)
      expect(traces.map(trace => trace.traceId)).toEqual(expected.map(traceId))
      expect(next).toBeUndefined()
    })
  }

  test('gives complete traces, and says which spans matched, newest first', async store => {
    await write(store, [one, two, other, zipkinSpan({ trace: 1, id: 4, start: NOW + 50 })])
    const { traces } = await find(store, { service: 'shop' })
    expect(traces.map(spanIds)).toEqual([[1, 2, 4].map(spanId)])
    expect(traces[0]?.matched).toEqual([4, 1].map(spanId))
    expect(traces[0]?.newestMatch).toBe(NOW + 50)
  })
}

function order(test: ContractTest): void {
  test('puts the newest match first, and what is as new by trace id', async store => {
    await write(store, [
      zipkinSpan({ trace: 3, id: 1, start: NOW }),
      zipkinSpan({ trace: 1, id: 2, start: NOW }),
      zipkinSpan({ trace: 2, id: 3, start: NOW }),
      zipkinSpan({ trace: 9, id: 4, start: NOW + 1 }),
      zipkinSpan({ trace: 4, id: 5, start: NOW - 5 }),
      // Newer than all, but not of the service that is asked for.
      zipkinSpan({ trace: 4, id: 6, start: NOW + 500, service: 'other' }),
    ])
    const ids = (await find(store, { service: 'shop' })).traces.map(trace => trace.traceId)
    expect(ids).toEqual([9, 1, 2, 3, 4].map(traceId))
  })

  test('goes by the matching spans in the range, not by others of the trace', async store => {
    await write(store, [
      zipkinSpan({ trace: 1, id: 1, start: NOW }),
      zipkinSpan({ trace: 1, id: 2, start: NOW + 1000 }),
      zipkinSpan({ trace: 2, id: 3, start: NOW + 10 }),
    ])
    const page = await find(store, { range: { from: us(0), to: us(NOW + 500) }, limit: 1 })
    expect(page.traces.map(trace => trace.traceId)).toEqual([traceId(2)])
    expect(page.next).toEqual({ start: NOW + 10, traceId: traceId(2) })
  })
}

function paging(test: ContractTest): void {
  const writeMany = async (store: SpanStore, count: number): Promise<readonly TraceId[]> => {
    // Every start twice, so that pages also end between equals.
    const starts = Array.from({ length: count }, (_, i) => NOW + Math.floor(i / 2))
    await write(
      store,
      starts.map((start, i) => zipkinSpan({ trace: i + 1, id: i + 1, start })),
    )
    const keyed = starts.map((start, i) => ({ start, id: traceId(i + 1) }))
    return keyed
      .sort((left, right) => right.start - left.start || (left.id < right.id ? -1 : 1))
      .map(({ id }) => id)
  }

  test('gives at most the limit, and goes on from there to the end', async store => {
    const all = await writeMany(store, 25)
    const page = await find(store, { limit: 10 })
    expect(page.traces.map(trace => trace.traceId)).toEqual(all.slice(0, 10))
    for (const limit of [1, 2, 5, 7, 24, 25, 26]) expect(await findInPages(store, { limit })).toEqual(all)
  })

  test('has no next page behind the last trace', async store => {
    await writeMany(store, 6)
    expect((await find(store, { limit: 6 })).next).toBeUndefined()
    expect((await find(store, { limit: 5 })).next).toBeDefined()
    expect((await find(store, { limit: 7 })).next).toBeUndefined()
  })

  test('pages without gaps or repetitions while spans arrive', async store => {
    const all = await writeMany(store, 40)
    let arrived = 1000
    const arrive = async () => {
      arrived++
      await write(store, [
        zipkinSpan({ trace: arrived, id: arrived, start: NOW + arrived }),
        // Late spans of traces that were found, and of traces that were not: older than what matched there.
        zipkinSpan({ trace: arrived % 40, id: arrived, start: NOW - arrived }),
      ])
    }
    const found = await findInPages(store, { limit: 3 }, arrive)
    expect(new Set(found).size).toBe(found.length)
    expect(found.filter(id => all.includes(id))).toEqual(all)
  })
}
