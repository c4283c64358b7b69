import fc from 'fast-check'
import type { Attributes, AttributeValue } from '../../../model/attributes.ts'
import { encodeBase64 } from '../../../model/base64.ts'
import type { Micros } from '../../../model/micros.ts'
import type { Resource, Scope, Span, SpanKind, StatusCode } from '../../../model/span.ts'

/** What a test sends, in OTLP's JSON, and what a plain reading makes of it. */
export interface SentRequest {
  readonly json: object
  readonly spans: readonly Span[]
}

const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const CODES: readonly StatusCode[] = ['unset', 'ok', 'error']
const text = (): fc.Arbitrary<string> => fc.string({ unit: 'grapheme', maxLength: 60 })

interface Sent<T> {
  readonly json: Record<string, unknown>
  readonly model: T
}

/** Any value but nothing at all. Numbers of 64 bits are texts, as senders write them. */
const { value: anyValue } = fc.letrec<{ value: Sent<AttributeValue> }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text().map(value => ({ json: { stringValue: value }, model: value })),
    fc.boolean().map(value => ({ json: { boolValue: value }, model: value })),
    fc
      .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -2n, max: 2000n }))
      .map(value => ({ json: { intValue: String(value) }, model: value })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map(value => ({ json: { doubleValue: value }, model: value })),
    fc.uint8Array({ maxLength: 9 }).map(bytes => ({
      json: { bytesValue: encodeBase64(bytes) },
      model: Uint8Array.from(bytes),
    })),
    fc.array(tie('value'), { maxLength: 3 }).map(values => ({
      json: { arrayValue: { values: values.map(({ json }) => json) } },
      model: values.map(({ model }) => model),
    })),
    fc.array(fc.tuple(text(), tie('value')), { maxLength: 3 }).map(members => ({
      json: { kvlistValue: { values: members.map(([key, { json }]) => ({ key, value: json })) } },
      model: new Map(members.map(([key, { model }]) => [key, model])),
    })),
  ),
}))

const anyAttributes = (): fc.Arbitrary<Sent<Attributes>> =>
  fc.array(fc.tuple(text(), anyValue), { maxLength: 4 }).map(members => ({
    json: { attributes: members.map(([key, { json }]) => ({ key, value: json })) },
    model: members.map(([key, { model }]) => ({ key, value: model })),
  }))

/** Nanoseconds up to where microseconds are exact. */
const anyTime = (): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: 0n, max: 9_007_199_254_740_991_999n }), fc.bigInt({ min: 0n, max: 3000n }))

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter(id => !/^0+$/.test(id))

const microsOf = (nanos: bigint): Micros => Number(nanos / 1000n) as Micros
const restOf = <Name extends string>(name: Name, nanos: bigint): { readonly [Key in Name]?: number } => {
  const rest = Number(nanos % 1000n)
  return (rest === 0 ? {} : { [name]: rest }) as { [Key in Name]?: number }
}

const anyEvent = () =>
  fc.tuple(anyTime(), text(), anyAttributes()).map(([time, name, { json, model }]) => ({
    json: { timeUnixNano: String(time), name, ...json },
    model: { time: microsOf(time), ...restOf('nanos', time), name, attributes: model },
  }))

const anyFlags = (): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(0, 1, 257), fc.nat(2 ** 32 - 1))

const anyLink = () =>
  fc
    .tuple(hex(32), hex(16), text(), anyFlags(), anyAttributes())
    .map(([traceId, spanId, traceState, flags, { json, model }]) => ({
      json: { traceId, spanId, traceState, flags, ...json },
      model: {
        traceId,
        spanId,
        ...(traceState === '' ? {} : { traceState }),
        ...(flags === 0 ? {} : { flags }),
        attributes: model,
      },
    }))

type LooseSpan = Omit<Span, 'resource' | 'scope'>

const anySpan = (): fc.Arbitrary<Sent<LooseSpan>> =>
  fc
    .record({
      traceId: hex(32),
      spanId: hex(16),
      parent: fc.option(hex(16), { nil: undefined }),
      name: text(),
      kind: fc.nat(5),
      start: anyTime(),
      end: anyTime(),
      code: fc.nat(2),
      message: text(),
      traceState: text(),
      flags: anyFlags(),
      attributes: anyAttributes(),
      events: fc.array(anyEvent(), { maxLength: 2 }),
      links: fc.array(anyLink(), { maxLength: 2 }),
    })
    .map(it => {
      const duration = it.end > it.start ? it.end - it.start : 0n
      const model = {
        traceId: it.traceId,
        spanId: it.spanId,
        ...(it.parent === undefined ? {} : { parentId: it.parent }),
        name: it.name,
        kind: KINDS[it.kind] ?? 'unspecified',
        start: microsOf(it.start),
        ...restOf('startNanos', it.start),
        duration: microsOf(duration),
        ...restOf('durationNanos', duration),
        status: { code: CODES[it.code] ?? 'unset', ...(it.message === '' ? {} : { message: it.message }) },
        ...(it.traceState === '' ? {} : { traceState: it.traceState }),
        ...(it.flags === 0 ? {} : { flags: it.flags }),
        attributes: it.attributes.model,
        events: it.events.map(event => event.model),
        links: it.links.map(link => link.model),
      } as unknown as LooseSpan
      const json = {
        traceId: it.traceId,
        spanId: it.spanId,
        ...(it.parent === undefined ? {} : { parentSpanId: it.parent }),
        name: it.name,
        kind: it.kind,
        startTimeUnixNano: String(it.start),
        endTimeUnixNano: String(it.end),
        status: { code: it.code, message: it.message },
        traceState: it.traceState,
        ...it.attributes.json,
        events: it.events.map(event => event.json),
        links: it.links.map(link => link.json),
        droppedAttributesCount: 3,
        flags: it.flags,
      }
      return { json, model }
    })

interface LooseScope {
  readonly json: object
  readonly scope: Scope | undefined
  readonly spans: readonly LooseSpan[]
}

const anyScope = (): fc.Arbitrary<LooseScope> =>
  fc
    .tuple(
      fc.option(fc.tuple(text(), text(), anyAttributes()), { nil: undefined }),
      fc.array(anySpan(), { maxLength: 3 }),
    )
    .map(([said, spans]) => {
      const [name = '', version = '', attributes] = said ?? []
      const isEmpty = name === '' && version === '' && (attributes?.model.length ?? 0) === 0
      return {
        json: {
          ...(said === undefined ? {} : { scope: { name, version, ...attributes?.json } }),
          spans: spans.map(span => span.json),
          schemaUrl: 'https://opentelemetry.io/schemas/1.27.0',
        },
        scope: isEmpty ? undefined : { name, version, attributes: attributes?.model ?? [] },
        spans: spans.map(span => span.model),
      }
    })

const anyResource = (): fc.Arbitrary<SentRequest> =>
  fc
    .tuple(fc.option(text(), { nil: undefined }), anyAttributes(), fc.array(anyScope(), { maxLength: 3 }))
    .map(([service, attributes, scopes]) => {
      const named = service === undefined ? [] : [{ key: 'service.name', value: { stringValue: service } }]
      const { attributes: others } = attributes.json as { attributes: readonly object[] }
      const isSaid = service === undefined || service === ''
      const resource: Resource = {
        service: service ?? '',
        attributes: [
          ...(isSaid && service !== undefined ? [{ key: 'service.name', value: service }] : []),
          ...attributes.model,
        ],
      }
      return {
        json: {
          resource: { attributes: [...named, ...others] },
          scopeSpans: scopes.map(scope => scope.json),
        },
        spans: scopes.flatMap(({ scope, spans }) =>
          spans.map(span => ({ ...span, resource, ...(scope === undefined ? {} : { scope }) })),
        ),
      }
    })

export const anyRequest = (): fc.Arbitrary<SentRequest> =>
  fc.array(anyResource(), { maxLength: 3 }).map(resources => ({
    json: { resourceSpans: resources.map(({ json }) => json) },
    spans: resources.flatMap(({ spans }) => spans),
  }))
