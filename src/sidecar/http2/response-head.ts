import type { ResponseContext } from '../tracing/exchange-span.ts'
import type { FieldKind } from './hpack/field.ts'
import type { FieldList } from './hpack/field-list.ts'

/** What the head of a response (RFC 9113 8.3.2) or its trailers say; read and used up at once. */
export class ResponseHead implements ResponseContext {
  status = 0
  /** Below 0: none was given. */
  contentLength = -1
  /** Empty: none was given. */
  grpcStatus = ''
  grpcMessage = ''
  traceResponse = ''
  requestId = ''

  /** False: it is malformed. `trailers`: no status may be there, and must be otherwise. */
  read(list: FieldList, trailers: boolean): boolean {
    this.status = 0
    this.contentLength = -1
    this.grpcStatus = ''
    this.grpcMessage = ''
    this.traceResponse = ''
    this.requestId = ''
    for (let at = 0; at < list.count; at++) {
      const field = list.fields[at]
      if (field === undefined || !field.valid) return false
      const { kind, pseudo } = field.name
      if (pseudo && (trailers || at > 0 || kind !== 'status')) return false
      if (kind !== 'ordinary' && !this.take(kind, field.value)) return false
    }
    return trailers || this.status !== 0
  }

  private take(kind: FieldKind, value: string): boolean {
    switch (kind) {
      case 'status':
        this.status = Number(value)
        return true
      case 'content-length':
        if (this.contentLength >= 0) return false
        this.contentLength = Number(value)
        return true
      case 'grpc-status':
        this.grpcStatus = value
        return true
      case 'grpc-message':
        this.grpcMessage = value
        return true
      case 'traceresponse':
        this.traceResponse = value
        return true
      case 'x-request-id':
        this.requestId = value
        return true
      default:
        return true
    }
  }
}
