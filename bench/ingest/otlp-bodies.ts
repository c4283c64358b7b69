import { encodeRequest } from '../../src/wire/otlp/testing/otlp-messages.ts'

interface ZipkinBody {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
  readonly name: string
  readonly kind: 'CLIENT' | 'SERVER'
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string }
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[]
  readonly tags: Readonly<Record<string, string>>
}

/** A list of `SpanBodies` as an SDK would send it: a resource for each service, numbers as numbers. */
export function otlpBody(zipkinJson: string): Uint8Array {
  const spans: readonly ZipkinBody[] = JSON.parse(zipkinJson)
  const services = Map.groupBy(spans, span => span.localEndpoint.serviceName)
  return encodeRequest({
    resourceSpans: [...services].map(([service, own]) => ({
      resource: { attributes: [text('service.name', service), text('host.name', `${service}-7f9c`)] },
      scopeSpans: [{ scope: { name: 'http', version: '1.0.0' }, spans: own.map(otlpSpan) }],
    })),
  })
}

function otlpSpan(span: ZipkinBody): object {
  return {
    traceId: span.traceId,
    spanId: span.id,
    ...(span.parentId === undefined ? {} : { parentSpanId: span.parentId }),
    name: span.name,
    kind: span.kind === 'SERVER' ? 2 : 3,
    startTimeUnixNano: `${span.timestamp}123`,
    endTimeUnixNano: `${span.timestamp + span.duration}456`,
    attributes: Object.entries(span.tags).map(([key, value]) =>
      key === 'http.status_code' ? { key, value: { intValue: value } } : text(key, value),
    ),
    events: (span.annotations ?? []).map(({ timestamp, value }) => ({
      timeUnixNano: `${timestamp}000`,
      name: value,
    })),
    status: { code: span.tags['error'] === undefined ? 0 : 2 },
    flags: 257,
  }
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } }
}
