import { UPSTREAM_REFUSALS } from '../exchange/upstream-refusal.ts'
import { REFUSALS } from '../http/refusal.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'
import { INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR, REFUSED_STREAM, relayedCode } from './error-code.ts'
import { ExchangeCourse } from './exchange-course.ts'
import type { FieldList } from './hpack/field-list.ts'
import { Loan } from './loan.ts'
import { ResponseHead } from './response-head.ts'
import type { Stream, StreamFailure } from './stream.ts'
import { responseFieldsBound, writeResponseFields } from './trace-fields.ts'

/** Read and used up within one call, so that one is enough for all. */
const response = new ResponseHead()

/**
 * One request and its response over two streams: `down` to the client, and `up` of its delivery to the endpoint. It is
 * over when both streams are, and then used again for another request of the same client.
 */
export class Http2Exchange extends ExchangeCourse {
  /** What the client has not read yet, and the connection of the endpoint may send again. */
  private readonly loan = new Loan()

  onFields(stream: Stream, fields: FieldList, end: boolean): void {
    this.touch()
    if (stream === this.down) this.onRequestTrailers(fields, end)
    else if (this.responseStarted) this.onResponseTrailers(fields, end)
    else if (this.running) this.onResponse(fields, end)
    this.settle()
  }

  private onRequestTrailers(fields: FieldList, end: boolean): void {
    if (!end || !response.read(fields, true)) {
      this.down.connection?.reset(this.down, PROTOCOL_ERROR)
      this.abort(REFUSALS.streamMalformed)
      return
    }
    if (this.running) this.delivery.sendTrailers(fields)
  }

  private onResponse(fields: FieldList, end: boolean): void {
    if (!response.read(fields, false) || (response.status < 200 && (end || response.status === 101))) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    if (response.status >= 200) {
      this.status = response.status
      const { attempts } = this.delivery
      if (attempts.mayRepeat && attempts.recoverStatus(response.status)) return
      this.startResponse()
    }
    this.relayFields(fields, end)
  }

  private startResponse(): void {
    this.responseStarted = true
    this.delivery.answered()
    this.grpcStatus = response.grpcStatus
    this.grpcMessage = response.grpcMessage
    const bodiless = this.head.method === 'HEAD' || response.status === 304
    this.up.expected = bodiless ? -1 : response.contentLength
  }

  private relayFields(fields: FieldList, end: boolean): void {
    const { connection } = this.down
    if (connection === undefined || !this.down.open) return
    const { traced } = this.record
    const encoder = connection.beginFields(fields.size + responseFieldsBound(traced))
    encoder.writeAll(fields)
    if (this.responseStarted) writeResponseFields(encoder, traced, response)
    connection.endFields(this.down, end)
  }

  private onResponseTrailers(fields: FieldList, end: boolean): void {
    if (!end || !response.read(fields, true)) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.grpcStatus = response.grpcStatus
    this.grpcMessage = response.grpcMessage
    if (this.down.open) this.down.connection?.sendTrailers(this.down, fields)
  }

  onData(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): void {
    this.touch()
    if (stream === this.up) this.onResponseData(bytes, from, to, end)
    else if (this.running) this.delivery.sendData(bytes, from, to, end)
    else stream.connection?.credit(stream, to - from)
    this.settle()
  }

  private onResponseData(bytes: Buffer, from: number, to: number, end: boolean): void {
    const { up, down } = this
    if (!this.responseStarted) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    const sent = down.open ? (down.connection?.sender.send(down, bytes, from, to, end) ?? 0) : to - from
    if (sent > 0) up.connection?.credit(up, sent)
    const held = to - from - sent
    if (held > 0 && this.loan.take(held)) up.connection?.creditConnection(held)
  }

  onSent(stream: Stream, bytes: number): void {
    this.touch()
    const { up, down } = this
    if (stream === up) {
      const owed = this.delivery.owedFor(bytes)
      if (owed > 0) down.connection?.credit(down, owed)
    } else if (this.running) {
      const lent = this.loan.giveBack(bytes)
      if (bytes > lent) up.connection?.creditConnection(bytes - lent)
      up.connection?.creditStream(up, bytes)
    }
    this.settle()
  }

  onDropped(stream: Stream, bytes: number): void {
    if (stream === this.up) this.down.connection?.creditConnection(bytes)
    else if (this.running) this.up.connection?.creditConnection(bytes - this.loan.giveBack(bytes))
  }

  onReset(stream: Stream, code: number): void {
    if (stream === this.down) this.abort(REFUSALS.clientAborted)
    else if (this.responseStarted && this.up.receiveEnded) this.stopUpload()
    else this.onUpstreamFailure(code === REFUSED_STREAM ? 'refused' : 'reset', relayedCode(code))
    this.settle()
  }

  /** The response is complete, and the endpoint wants no more of the request. */
  private stopUpload(): void {
    if (this.down.sendEnded) this.down.connection?.reset(this.down, NO_ERROR)
  }

  onMalformed(stream: Stream): void {
    if (stream === this.down) this.abort(REFUSALS.streamMalformed)
    else this.fail(REFUSALS.responseMalformed)
    this.settle()
  }

  onLost(stream: Stream, failure: StreamFailure): void {
    if (stream === this.down) this.abort(failure === 'stopped' ? REFUSALS.stopped : REFUSALS.clientAborted)
    else if (this.up.receiveEnded) this.stopUpload()
    else if (failure !== 'stopped') this.onUpstreamFailure(failure, INTERNAL_ERROR)
    this.settle()
  }

  private onUpstreamFailure(failure: UpstreamFailure, code: number): void {
    // Many streams are lost at once: what became of one of them may have ended this exchange.
    if (!this.running) return
    const broken = this.responseStarted && failure === 'closed' ? 'truncated' : failure
    if (this.responseStarted || !this.delivery.attempts.recover(failure)) {
      this.fail(UPSTREAM_REFUSALS[broken], code)
    }
  }
}
