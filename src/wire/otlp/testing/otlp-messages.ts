import protobuf from 'protobufjs'

/**
 * The messages of OTLP for an encoder that knows nothing of ours. Numbers and names as in
 * open-telemetry/opentelemetry-proto, v1.
 */
const field = (id: number, type: string, rule?: 'repeated') =>
  rule === undefined ? { id, type } : { id, type, rule }

const root = protobuf.Root.fromJSON({
  nested: {
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: field(1, 'string'),
        boolValue: field(2, 'bool'),
        intValue: field(3, 'int64'),
        doubleValue: field(4, 'double'),
        arrayValue: field(5, 'ArrayValue'),
        kvlistValue: field(6, 'KeyValueList'),
        bytesValue: field(7, 'bytes'),
      },
    },
    ArrayValue: { fields: { values: field(1, 'AnyValue', 'repeated') } },
    KeyValueList: { fields: { values: field(1, 'KeyValue', 'repeated') } },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    Resource: {
      fields: {
        attributes: field(1, 'KeyValue', 'repeated'),
        droppedAttributesCount: field(2, 'uint32'),
      },
    },
    InstrumentationScope: {
      fields: {
        name: field(1, 'string'),
        version: field(2, 'string'),
        attributes: field(3, 'KeyValue', 'repeated'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Event: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        name: field(2, 'string'),
        attributes: field(3, 'KeyValue', 'repeated'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Link: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        traceState: field(3, 'string'),
        attributes: field(4, 'KeyValue', 'repeated'),
        droppedAttributesCount: field(5, 'uint32'),
        flags: field(6, 'fixed32'),
      },
    },
    Status: { fields: { message: field(2, 'string'), code: field(3, 'int32') } },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        traceState: field(3, 'string'),
        parentSpanId: field(4, 'bytes'),
        name: field(5, 'string'),
        kind: field(6, 'int32'),
        startTimeUnixNano: field(7, 'fixed64'),
        endTimeUnixNano: field(8, 'fixed64'),
        attributes: field(9, 'KeyValue', 'repeated'),
        droppedAttributesCount: field(10, 'uint32'),
        events: field(11, 'Event', 'repeated'),
        droppedEventsCount: field(12, 'uint32'),
        links: field(13, 'Link', 'repeated'),
        droppedLinksCount: field(14, 'uint32'),
        status: field(15, 'Status'),
        flags: field(16, 'fixed32'),
      },
    },
    ScopeSpans: {
      fields: {
        scope: field(1, 'InstrumentationScope'),
        spans: field(2, 'Span', 'repeated'),
        schemaUrl: field(3, 'string'),
      },
    },
    ResourceSpans: {
      fields: {
        resource: field(1, 'Resource'),
        scopeSpans: field(2, 'ScopeSpans', 'repeated'),
        schemaUrl: field(3, 'string'),
      },
    },
    ExportTraceServiceRequest: { fields: { resourceSpans: field(1, 'ResourceSpans', 'repeated') } },
  },
})

const ID_FIELDS: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId'])

/** A message in the form of OTLP's JSON (ids in hex, bytes in base64, long numbers as text) in protobuf. */
export function encodeMessage(type: string, message: object): Uint8Array {
  const lookedUp = root.lookupType(type)
  return lookedUp.encode(lookedUp.fromObject(withBytes(message))).finish()
}

export const encodeRequest = (request: object): Uint8Array =>
  encodeMessage('ExportTraceServiceRequest', request)

/** Ids become bytes; protobufjs reads base64 by itself. */
function withBytes(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([key, part]: [string, unknown]) => {
      if (typeof part === 'string' && ID_FIELDS.has(key)) return [key, bytesOf(part)]
      if (Array.isArray(part)) return [key, part.map(withBytes)]
      return [key, typeof part === 'object' && part !== null ? withBytes(part) : part]
    }),
  )
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
