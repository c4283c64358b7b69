import type { FieldList } from './hpack/field-list.ts'

/** What the head of a response (RFC 9113 8.3.2) or its trailers say; read and used up at once. */
export class ResponseHead {
  status = 0
  /** Below 0: none was given. */
  contentLength = -1
  /** Empty: none was given. */
  grpcStatus = ''
  grpcMessage = ''

  /** False: it is malformed. `trailers`: no status may be there, and must be otherwise. */
  read(list: FieldList, trailers: boolean): boolean {
    this.status = 0
    this.contentLength = -1
    this.grpcStatus = ''
    this.grpcMessage = ''
    for (let at = 0; at < list.count; at++) {
      const field = list.fields[at]
      if (field === undefined || !field.valid) return false
      const { name, value } = field
      if (name.pseudo && (trailers || at > 0 || name.kind !== 'status')) return false
      if (name.kind === 'status') {
        this.status = Number(value)
      } else if (name.kind === 'content-length') {
        if (this.contentLength >= 0) return false
        this.contentLength = Number(value)
      } else if (name.kind === 'grpc-status') {
        this.grpcStatus = value
      } else if (name.kind === 'grpc-message') {
        this.grpcMessage = value
      }
    }
    return trailers || this.status !== 0
  }
}
