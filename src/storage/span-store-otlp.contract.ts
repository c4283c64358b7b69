import fc from 'fast-check'
import { expect } from 'vitest'
import type { TraceId } from '../model/ids.ts'
import type { Span } from '../model/span.ts'
import { collectSpans } from '../wire/collect-spans.ts'
import { decodeOtlpJson } from '../wire/otlp/json-decode.ts'
import { anyRequest } from '../wire/otlp/testing/any-request.ts'
import { encodeRequest } from '../wire/otlp/testing/otlp-messages.ts'
import type { SpanBatch, SpanStore } from './span-store.ts'
import { type ContractTest, inOrder, NOW, spanId, traceId } from './span-store-fixture.contract.ts'

/** What comes in by OTLP comes back: types, nanoseconds, events, links, scopes. */
export function otlpContract(test: ContractTest): void {
  test('gives any spans back that came in OTLP, in protobuf and in JSON', async store => {
    let used = 0
    await fc.assert(
      fc.asyncProperty(anyRequest(), async ({ json }) => {
        for (const format of ['otlp-proto', 'otlp-json'] as const) {
          // Each run has trace ids of its own, for the store stays.
          const prefix = (++used).toString(16).padStart(8, 'd')
          const text = JSON.stringify(json).replaceAll(/"traceId":"[0-9a-f]{8}/g, `"traceId":"${prefix}`)
          const { sink, spans } = collectSpans()
          decodeOtlpJson(text, sink)
          expect(await append(store, format, text)).toMatchObject({ status: 'accepted', spans: spans.length })
          for (const id of new Set(spans.map(span => span.traceId))) await expectTrace(store, id, spans)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('counts what it could not keep of a request in OTLP, and keeps the rest', async store => {
    const span = { traceId: traceId(1), spanId: spanId(1), name: 'get' }
    const bad = [span, { ...span, traceId: '' }, { ...span, spanId: '00' }]
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: bad }] }] })
    for (const format of ['otlp-proto', 'otlp-json'] as const) {
      expect(await append(store, format, text)).toEqual({
        status: 'accepted',
        spans: 1,
        discarded: new Map([
          ['bad-trace-id', 1],
          ['bad-span-id', 1],
        ]),
      })
    }
    expect(store.status()).toMatchObject({ written: 2, present: 2, traces: 1 })
  })

  test('keeps nothing of a request in OTLP that is malformed at its end', async store => {
    const span = { traceId: traceId(1), spanId: spanId(1), name: 'get' }
    const whole = encodeRequest({ resourceSpans: [{ scopeSpans: [{ spans: [span, span] }] }] })
    const cut = new Uint8Array([...whole, 10, 200])
    const batch: SpanBatch = { format: 'otlp-proto', bytes: cut, receivedAt: NOW as SpanBatch['receivedAt'] }
    expect(await store.append(batch)).toMatchObject({ status: 'malformed' })
    const odd = { resourceSpans: [{ scopeSpans: [{ spans: [span, { ...span, name: 5 }] }] }] }
    expect(await append(store, 'otlp-json', JSON.stringify(odd))).toMatchObject({ status: 'malformed' })
    expect(store.status()).toMatchObject({ written: 0, present: 0, traces: 0 })
    expect(await store.getTrace(traceId(1))).toBeUndefined()
  })
}

function append(store: SpanStore, format: 'otlp-proto' | 'otlp-json', text: string) {
  const bytes = format === 'otlp-json' ? new TextEncoder().encode(text) : encodeRequest(JSON.parse(text))
  return store.append({ format, bytes, receivedAt: NOW as SpanBatch['receivedAt'] })
}

async function expectTrace(store: SpanStore, id: TraceId, spans: readonly Span[]): Promise<void> {
  const trace = await store.getTrace(id)
  expect(inOrder(trace?.spans)).toEqual(inOrder(spans.filter(span => span.traceId === id)))
}
