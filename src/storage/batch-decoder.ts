import type { SpanSink } from '../model/span-sink.ts'
import type { DecodeOutcome } from '../wire/decode-outcome.ts'
import { decodeOtlpJson } from '../wire/otlp/json-decode.ts'
import { createOtlpProtoDecoder } from '../wire/otlp/proto-decode.ts'
import { decodeZipkinJson } from '../wire/zipkin-json-decode.ts'
import type { SpanBatch } from './span-store.ts'

export type DecodeBatch = (batch: Pick<SpanBatch, 'format' | 'bytes'>, sink: SpanSink) => DecodeOutcome

/** Reads batches of every format. One for each thread, which remembers texts. */
export function createBatchDecoder(): DecodeBatch {
  const decodeOtlpProto = createOtlpProtoDecoder((bytes, from, to) =>
    bufferOf(bytes).toString('utf8', from, to),
  )
  return ({ format, bytes }, sink) => {
    switch (format) {
      case 'zipkin-json-v2':
        return decodeZipkinJson(textOf(bytes), sink)
      case 'otlp-json':
        return decodeOtlpJson(textOf(bytes), sink)
      case 'otlp-proto':
        return decodeOtlpProto(bytes, sink)
    }
  }
}

/** Bytes that are no UTF-8 become U+FFFD, as in other servers. */
function textOf(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('utf8')
}

function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
