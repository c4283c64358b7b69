import { describe, expect, it } from 'vitest'
import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import { collectSpans } from './collect-spans.ts'

const TRACE = '000000000000000000000000000000a1' as TraceId
const A = '000000000000000a' as SpanId
const B = '000000000000000b' as SpanId
const at = (value: number): Micros => value as Micros

describe('collectSpans', () => {
  it('puts every attribute with its owner', () => {
    const { sink, spans } = collectSpans()
    sink.resource('shop')
    sink.attribute('resource', 'host.id', 'h')
    sink.scope('lib', '1')
    sink.attribute('scope', 'flavour', 'sweet')
    sink.begin(TRACE, B, A)
    sink.name('buy', 'consumer')
    sink.time(at(5), at(7))
    sink.nanos(1, 2)
    sink.traceState('foo=1')
    sink.flags(257)
    sink.event(at(6), 3, 'paid')
    sink.attribute('event', 'amount', 9n)
    sink.link(TRACE, A, 'bar=2', 1)
    sink.attribute('link', 'why', 'batch')
    sink.attribute('span', 'items', 2n)
    sink.event(at(7), 0, 'sent')
    sink.status('error', 'lost')
    sink.end()
    expect(spans).toEqual([
      {
        traceId: TRACE,
        spanId: B,
        parentId: A,
        name: 'buy',
        kind: 'consumer',
        start: 5,
        startNanos: 1,
        duration: 7,
        durationNanos: 2,
        status: { code: 'error', message: 'lost' },
        attributes: [{ key: 'items', value: 2n }],
        events: [
          { time: 6, nanos: 3, name: 'paid', attributes: [{ key: 'amount', value: 9n }] },
          { time: 7, name: 'sent', attributes: [] },
        ],
        links: [
          {
            traceId: TRACE,
            spanId: A,
            traceState: 'bar=2',
            flags: 1,
            attributes: [{ key: 'why', value: 'batch' }],
          },
        ],
        resource: { service: 'shop', attributes: [{ key: 'host.id', value: 'h' }] },
        scope: { name: 'lib', version: '1', attributes: [{ key: 'flavour', value: 'sweet' }] },
        traceState: 'foo=1',
        flags: 257,
      },
    ])
  })

  it('shares a resource among its spans, and forgets the scope with the next', () => {
    const { sink, spans } = collectSpans()
    sink.resource('a')
    sink.scope('lib', '')
    for (const id of [A, B]) {
      sink.begin(TRACE, id, undefined)
      sink.end()
    }
    sink.resource('b')
    sink.begin(TRACE, A, undefined)
    sink.end()
    expect(spans[0]?.resource).toBe(spans[1]?.resource)
    expect(spans[0]?.scope).toBe(spans[1]?.scope)
    expect(spans[2]?.resource.service).toBe('b')
    expect(spans[2]?.scope).toBeUndefined()
  })

  it('keeps nothing of a span that was discarded or never ended', () => {
    const { sink, spans } = collectSpans()
    sink.resource('a')
    sink.begin(TRACE, A, undefined)
    sink.attribute('span', 'x', 'y')
    sink.discard('too old')
    sink.begin(TRACE, B, undefined)
    sink.begin(TRACE, A, undefined)
    sink.end()
    expect(spans).toMatchObject([{ spanId: A, attributes: [] }])
    expect(() => sink.end()).toThrow()
  })
})
