import fc from 'fast-check'
import { expect } from 'vitest'
import type { TraceId } from '../model/ids.ts'
import { encodeZipkinJson } from '../wire/zipkin-json-encode.ts'
import type { SpanStore } from './span-store.ts'
import {
  batchOf,
  type ContractTest,
  decoded,
  find,
  inOrder,
  NOW,
  spanId,
  spanIds,
  traceId,
  write,
  zipkinSpan,
} from './span-store-fixture.contract.ts'

/** What comes in comes back. */
export function writingContract(test: ContractTest): void {
  test('gives every field of a span back', async store => {
    const client = {
      ...zipkinSpan({ id: 2, parent: 1, kind: 'CLIENT', duration: 1500 }),
      localEndpoint: { serviceName: 'Shop', ipv4: '10.0.0.1', ipv6: '2001:db8::1', port: 8080 },
      remoteEndpoint: { serviceName: 'stock', ipv4: '10.0.0.2', port: 9090 },
      annotations: [
        { timestamp: NOW + 1, value: 'first' },
        { timestamp: NOW + 2, value: 'second' },
      ],
      tags: { 'http.method': 'GET', error: 'timed out' },
      debug: true,
    }
    const server = {
      ...zipkinSpan({ id: 2, parent: 1, kind: 'SERVER', service: 'stock', start: NOW + 10 }),
      shared: true,
    }
    await write(store, [client, server])
    const spans = (await store.getTrace(traceId(1)))?.spans
    expect(JSON.parse(encodeZipkinJson(inOrder(spans)))).toEqual([client, server])
    expect(inOrder(spans)).toEqual(inOrder(decoded([client, server])))
  })

  test('gives any spans back, in whatever batches they came', async store => {
    let used = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anySpan(), { maxLength: 6 }), { maxLength: 4 }), async batches => {
        // Each run has trace ids of its own, for the store stays.
        const prefix = (++used).toString(16).padStart(30, 'c')
        const named = batches.map(batch => batch.map(span => ({ ...span, traceId: prefix + span.traceId })))
        for (const batch of named) await write(store, batch)
        const all = named.flat()
        for (const id of new Set(all.map(span => span.traceId))) {
          const trace = await store.getTrace(id as TraceId)
          const expected = decoded(all.filter(span => span.traceId === id))
          expect(inOrder(trace?.spans)).toEqual(inOrder(expected))
        }
      }),
      { numRuns: 50 },
    )
  })

  test('keeps what is twice the same twice', async store => {
    const span = zipkinSpan({ tags: { a: 'b' } })
    await write(store, [span, span])
    await write(store, [span])
    expect((await store.getTrace(traceId(1)))?.spans).toHaveLength(3)
    expect(store.status()).toMatchObject({ written: 3, present: 3, traces: 1 })
  })

  test('keeps a span that says nothing but its ids', async store => {
    await write(store, [{ traceId: traceId(1), id: spanId(1) }])
    const spans = (await store.getTrace(traceId(1)))?.spans
    expect(spans).toEqual(decoded([{ traceId: traceId(1), id: spanId(1) }]))
    expect((await find(store, {})).traces).toHaveLength(1)
  })

  test('keeps long texts, many tags and all of Unicode', async store => {
    const tags = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`tag.${i}`, `値 ${i} 🛒`]))
    const spans = [zipkinSpan({ name: '軌跡 🛤️ \u0000\u2028', tags: { ...tags, long: 'x'.repeat(200_000) } })]
    await write(store, spans)
    expect((await store.getTrace(traceId(1)))?.spans).toEqual(decoded(spans))
  })

  test('takes short trace ids, and does not confuse them with long ones of the same end', async store => {
    const short = { ...zipkinSpan({ id: 1 }), traceId: '00000000000000ff' }
    const long = { ...zipkinSpan({ id: 2 }), traceId: '100000000000000000000000000000ff' }
    await write(store, [short, long])
    expect(spanIds(await store.getTrace('000000000000000000000000000000ff' as TraceId))).toEqual([spanId(1)])
    expect(spanIds(await store.getTrace('100000000000000000000000000000ff' as TraceId))).toEqual([spanId(2)])
  })

  test('adds late spans to their trace, and does not change what it gave before', async store => {
    await write(store, [zipkinSpan({ id: 1 })])
    const before = await store.getTrace(traceId(1))
    const foundBefore = await find(store, {})
    await write(store, [
      zipkinSpan({ id: 2, parent: 1, start: NOW - 86_400_000_000 }),
      zipkinSpan({ id: 3, parent: 1, start: NOW + 86_400_000_000 }),
    ])
    expect(spanIds(before)).toEqual([spanId(1)])
    expect(foundBefore.traces.map(spanIds)).toEqual([[spanId(1)]])
    expect(spanIds(await store.getTrace(traceId(1)))).toEqual([1, 2, 3].map(spanId))
    expect((await find(store, {})).traces.map(spanIds)).toEqual([[1, 2, 3].map(spanId)])
  })

  test('knows no trace that it never got', async store => {
    await write(store, [zipkinSpan({})])
    expect(await store.getTrace(traceId(2))).toBeUndefined()
  })

  test('keeps batches that come at the same time', async store => {
    const batches = Array.from({ length: 20 }, (_, i) => [zipkinSpan({ trace: i % 3, id: i + 1 })])
    await Promise.all(batches.map(batch => write(store, batch)))
    const traces = await Promise.all([0, 1, 2].map(number => store.getTrace(traceId(number))))
    expect(traces.flatMap(spanIds).sort()).toEqual(batches.map((_, i) => spanId(i + 1)).sort())
  })

  test('accepts an empty list', async store => {
    expect(await write(store, [])).toMatchObject({ spans: 0 })
    expect(store.status()).toMatchObject({ written: 0, present: 0, traces: 0 })
  })

  refusals(test)
  repetitions(test)
}

function refusals(test: ContractTest): void {
  const keepsNothing = async (store: SpanStore, body: string) => {
    const outcome = await store.append(batchOf(body))
    expect(outcome).toMatchObject({ status: 'malformed', message: expect.stringMatching(/./) })
    expect(store.status()).toMatchObject({ written: 0, present: 0, traces: 0 })
    expect(await store.services()).toEqual([])
  }

  test('keeps nothing of a batch that is malformed anywhere', async store => {
    const good = JSON.stringify(zipkinSpan({}))
    await keepsNothing(store, '{')
    await keepsNothing(store, `[${good}`)
    await keepsNothing(store, `[${good},{"traceId":"x","id":"1"}]`)
    await keepsNothing(store, `[${good},null]`)
    await write(store, [zipkinSpan({})])
    expect(store.status()).toMatchObject({ written: 1, present: 1 })
  })

  test('counts what it could not keep of a good batch by its reason', async store => {
    const tooLate = zipkinSpan({ id: 2, start: 2 ** 60 })
    const outcome = await write(store, [zipkinSpan({ id: 1 }), tooLate])
    expect(outcome.spans).toBe(1)
    expect([...outcome.discarded.values()]).toEqual([1])
    expect(spanIds(await store.getTrace(traceId(1)))).toEqual([spanId(1)])
    expect(store.status()).toMatchObject({ written: 1, present: 1 })
  })
}

function repetitions(test: ContractTest): void {
  const body = [zipkinSpan({ id: 1 }), zipkinSpan({ id: 2 })]

  test('writes a batch that its sender repeats once', async store => {
    const sender = { id: 'pod-a', sequence: 7 }
    expect(await store.append(batchOf(body, sender))).toMatchObject({ status: 'accepted', spans: 2 })
    const repeated = await store.append(batchOf(body, sender))
    expect(repeated).toMatchObject({ status: 'accepted', spans: 0, repeated: true })
    expect(store.status()).toMatchObject({ written: 2, present: 2 })
  })

  test('writes equal batches of other sequences, other senders and of nobody', async store => {
    for (const sender of [
      { id: 'a', sequence: 0 },
      { id: 'a', sequence: 1 },
      { id: 'b', sequence: 0 },
    ]) {
      const outcome = await store.append(batchOf(body, sender))
      expect(outcome).toMatchObject({ status: 'accepted', spans: 2 })
      expect(outcome).not.toHaveProperty('repeated')
    }
    for (let i = 0; i < 2; i++) await write(store, body)
    expect(store.status()).toMatchObject({ written: 10, present: 10 })
  })

  test('writes batches that arrive out of order', async store => {
    for (const sequence of [5, 3, 4, 0]) {
      await store.append(batchOf([zipkinSpan({ id: sequence + 1 })], { id: 'a', sequence }))
    }
    expect(store.status()).toMatchObject({ written: 4, present: 4 })
  })

  test('does not take a malformed batch for sent', async store => {
    const sender = { id: 'a', sequence: 1 }
    expect(await store.append(batchOf('[{}]', sender))).toMatchObject({ status: 'malformed' })
    expect(await store.append(batchOf(body, sender))).toMatchObject({ status: 'accepted', spans: 2 })
  })
}

const text = (): fc.Arbitrary<string> => fc.string({ unit: 'grapheme', maxLength: 12 })

function anyEndpoint(): fc.Arbitrary<object> {
  return fc.record(
    {
      serviceName: text(),
      ipv4: fc.ipV4(),
      ipv6: fc.constantFrom('2001:db8::1', '::1'),
      port: fc.integer({ min: 0, max: 65_535 }),
    },
    { requiredKeys: [] },
  )
}

/** Few ids, so that spans share them; `traceId` is only its end. */
function anySpan(): fc.Arbitrary<{ readonly traceId: string; readonly id: string }> {
  return fc.record(
    {
      traceId: fc.constantFrom('01', '02', '03'),
      id: fc.constantFrom('000000000000000a', '000000000000000b', '000000000000000c'),
      parentId: fc.constantFrom('000000000000000a', '000000000000000b', '00000000000000ff'),
      kind: fc.constantFrom('CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'),
      name: text(),
      timestamp: fc.maxSafeNat(),
      duration: fc.maxSafeNat(),
      localEndpoint: anyEndpoint(),
      remoteEndpoint: anyEndpoint(),
      annotations: fc.array(fc.record({ timestamp: fc.nat(), value: text() }), { maxLength: 3 }),
      tags: fc.dictionary(text(), text(), { maxKeys: 4, noNullPrototype: true }),
      debug: fc.boolean(),
      shared: fc.boolean(),
    },
    { requiredKeys: ['traceId', 'id'] },
  )
}
