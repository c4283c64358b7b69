import {
  clearTraceHeaders,
  noTraceHeaders,
  type TraceHeaders,
  takeTraceHeader,
} from '../../wire/trace-context.ts'
import { authorityKey } from '../http/authority.ts'
import type { TracedRequest } from '../tracing/traced-request.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import { type Field, fieldName, recurringField } from './hpack/field.ts'
import { FieldList } from './hpack/field-list.ts'

const AUTHORITY = fieldName(':authority')
const GRPC = /^application\/grpc(?:[+;]|$)/

/** The head of a request (RFC 9113 8.3.1), filled again and again. Its fields stay until its exchange has ended. */
export class RequestHead implements TracedRequest {
  readonly protocol = 'HTTP/2'
  readonly fields: FieldList = new FieldList()
  method = ''
  scheme = ''
  target = ''
  /** As it came, checked; empty: none came. */
  host = ''
  /** Below 0: none was given. */
  contentLength = -1
  requestId = ''
  userAgent = ''
  grpc = false
  readonly trace: TraceHeaders = noTraceHeaders()
  /** `:authority`, checked; empty: none came. */
  authority = ''
  private hosts = 0
  private ordinary = false

  get kept(): string {
    let lines = ''
    for (let at = 0; at < this.fields.count; at++) {
      const field = this.fields.fields[at]
      if (field?.name.pseudo === false) lines += `${field.name.text}: ${field.value}\r\n`
    }
    return lines
  }

  /** Reads `fields`. False: the request is malformed (RFC 9113 8.1.1). */
  read(): boolean {
    this.clear()
    const { fields, count } = this.fields
    for (let at = 0; at < count; at++) {
      const field = fields[at]
      if (field === undefined || !field.valid) return false
      if (field.name.pseudo) {
        if (this.ordinary) return false
      } else {
        this.ordinary = true
      }
      if (field.name.kind !== 'ordinary' && !this.take(field)) return false
    }
    return this.check()
  }

  private take(field: Field): boolean {
    const { value } = field
    switch (field.name.kind) {
      case 'method':
        if (this.method !== '') return false
        this.method = value
        return true
      case 'scheme':
        if (this.scheme !== '') return false
        this.scheme = value
        return true
      case 'path':
        if (this.target !== '') return false
        this.target = value
        return true
      case 'authority':
        if (this.authority !== '') return false
        this.authority = value
        return true
      case 'status':
        return false
      default:
        return this.takeOrdinary(field)
    }
  }

  private takeOrdinary({ name, value }: Field): boolean {
    switch (name.kind) {
      case 'host':
        this.host = value
        return this.hosts++ === 0
      case 'content-length':
        if (this.contentLength >= 0) return false
        this.contentLength = Number(value)
        return true
      case 'content-type':
        this.grpc = GRPC.test(value)
        return true
      case 'user-agent':
        this.userAgent = value
        return true
      case 'x-request-id':
        this.requestId = value
        return true
      case 'trace':
        takeTraceHeader(this.trace, name.text, value)
        return true
      default:
        return true
    }
  }

  private check(): boolean {
    if (this.method === '') return false
    if (this.method === 'CONNECT') {
      if (this.scheme !== '' || this.target !== '' || this.authority === '') return false
    } else if (this.scheme === '' || this.target === '') {
      return false
    }
    if (this.target === '*' && this.method !== 'OPTIONS') return false
    if (this.authority === '') return true
    if (this.hosts === 1 && authorityKey(this.host) !== authorityKey(this.authority)) return false
    this.host = this.authority
    return true
  }

  /** Writes what goes on. `takesTrace`: the trace headers stay here, because others stand in their place. */
  writeTo(encoder: HpackEncoder, takesTrace: boolean): void {
    // RFC 9113 8.3.1: whoever makes a request of one that has Host only says where to in HTTP/2's way.
    if (this.authority === '' && this.host !== '') encoder.write(recurringField(AUTHORITY, this.host))
    const { fields, count } = this.fields
    for (let at = 0; at < count; at++) {
      const field = fields[at]
      if (field === undefined || !goesOn(field, takesTrace)) continue
      encoder.write(field)
    }
  }

  private clear(): void {
    this.method = ''
    this.scheme = ''
    this.target = ''
    this.host = ''
    this.contentLength = -1
    this.requestId = ''
    this.userAgent = ''
    this.grpc = false
    this.authority = ''
    this.hosts = 0
    this.ordinary = false
    clearTraceHeaders(this.trace)
  }
}

function goesOn(field: Field, takesTrace: boolean): boolean {
  const { kind } = field.name
  if (kind === 'ordinary') return true
  if (kind === 'host' || kind === 'proxy-authorization') return false
  return kind !== 'trace' || !takesTrace
}
