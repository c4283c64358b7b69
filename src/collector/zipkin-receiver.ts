import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../runtime/clock.ts'
import {
  type BodyOutcome,
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
  text,
} from '../runtime/http-exchange.ts'
import type { AppendOutcome, SpanWriter } from '../storage/span-store.ts'
import { batchSender } from './batch-sender.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { CollectorLedger, Refusal } from './collector-ledger.ts'
import type { CrossOrigin } from './cross-origin.ts'

export interface ZipkinReceiverOptions {
  readonly store: SpanWriter
  readonly engine: string
  readonly ledger: CollectorLedger
  /** Of all batches that are being received, decompressed. */
  readonly budget: ByteBudget
  readonly crossOrigin: CrossOrigin
  readonly clock: Pick<Clock, 'now'>
  /** Of one batch, before and after decompression. */
  readonly maxBodyBytes: number
  readonly version: string
}

/** What a server of Zipkin answers on port 9411 to those who send spans (openzipkin/zipkin-api). */
export function zipkinRoutes(options: ZipkinReceiverOptions): readonly Route[] {
  const { crossOrigin } = options
  const open = (answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>) => {
    return async (request: HttpRequest): Promise<HttpResponse> => {
      const response = await answer(request)
      return { ...response, headers: { ...response.headers, ...crossOrigin.headers(request) } }
    }
  }
  return [
    { method: 'POST', path: '/api/v2/spans', handle: open(request => receive(request, options)) },
    { method: 'POST', path: '/api/v1/spans', handle: open(() => refuseFirstFormat(options)) },
    { method: 'OPTIONS', path: '/api/v2/spans', handle: crossOrigin.preflight },
    { method: 'OPTIONS', path: '/api/v1/spans', handle: crossOrigin.preflight },
    { method: 'GET', path: '/health', handle: open(() => health(options.engine)) },
    {
      method: 'GET',
      path: '/info',
      handle: open(() => json({ zipkin: { version: `kiseki ${options.version}` } })),
    },
  ]
}

const OVERLOADED_RETRY_MILLIS = 1000

async function receive(request: HttpRequest, options: ZipkinReceiverOptions): Promise<HttpResponse> {
  const { budget, ledger, maxBodyBytes } = options
  const format = unsupportedFormat(request.headers)
  if (format !== undefined) {
    ledger.refuse('unsupported-format')
    return text(415, `${format} is not supported here: send Zipkin's JSON v2 as application/json\n`)
  }
  let held = expectedBytes(request.headers, maxBodyBytes)
  if (!budget.take(held)) {
    ledger.refuse('overloaded')
    return overloaded(OVERLOADED_RETRY_MILLIS)
  }
  try {
    const body = await request.body(maxBodyBytes)
    if (body.status !== 'read') return refuseBody(body, ledger)
    budget.correct(held, body.bytes.byteLength)
    held = body.bytes.byteLength
    return answer(await append(body.bytes, request, options), ledger)
  } finally {
    budget.give(held)
  }
}

async function append(
  bytes: Uint8Array,
  request: HttpRequest,
  { store, clock, ledger }: ZipkinReceiverOptions,
): Promise<AppendOutcome> {
  const sender = batchSender(request.headers)
  try {
    return await store.append({
      format: 'zipkin-json-v2',
      bytes,
      receivedAt: clock.now(),
      ...(sender === undefined ? {} : { sender }),
    })
  } catch (error) {
    ledger.refuse('store-failed')
    throw error
  }
}

function answer(outcome: AppendOutcome, ledger: CollectorLedger): HttpResponse {
  switch (outcome.status) {
    case 'accepted':
      ledger.accept(outcome)
      return { status: 202 }
    case 'malformed':
      ledger.refuse('malformed')
      return text(400, outcome.message)
    case 'overloaded':
      ledger.refuse('overloaded')
      return overloaded(outcome.retryAfterMillis)
  }
}

function overloaded(retryAfterMillis: number): HttpResponse {
  const refusal = text(429, 'Too many spans are waiting: send these again later\n')
  return {
    ...refusal,
    headers: { ...refusal.headers, 'retry-after': String(Math.ceil(retryAfterMillis / 1000)) },
  }
}

function refuseBody(body: Exclude<BodyOutcome, { status: 'read' }>, ledger: CollectorLedger): HttpResponse {
  const refuse = (reason: Refusal, status: number, message: string): HttpResponse => {
    ledger.refuse(reason)
    return text(status, message)
  }
  switch (body.status) {
    case 'too-large':
      return refuse('too-large', 413, `A body may have ${body.limit} bytes at most, also decompressed\n`)
    case 'unsupported-encoding':
      return refuse('unsupported-format', 415, `unsupported Content-Encoding: ${body.encoding}\n`)
    case 'undecodable':
      return refuse('undecodable', 400, 'Cannot gunzip spans')
    case 'aborted':
      return refuse('aborted', 400, 'The body ended too early\n')
  }
}

function refuseFirstFormat({ ledger }: ZipkinReceiverOptions): HttpResponse {
  ledger.refuse('unsupported-format')
  return text(415, 'The first format of Zipkin is not supported here: send JSON v2 to /api/v2/spans\n')
}

/** The type by its name if it is one of Zipkin's other formats. JSON comes under any other name, also under none. */
function unsupportedFormat(headers: IncomingHttpHeaders): string | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^application\/(x-protobuf|x-thrift|vnd\.apache\.thrift\..*)$/.test(type) ? type : undefined
}

/** What the body may come to. A compressed one is corrected after it was read; one of unknown length counts in full. */
function expectedBytes(headers: IncomingHttpHeaders, limit: number): number {
  const length = Number(headers['content-length'] ?? Number.NaN)
  return Number.isNaN(length) ? limit : Math.min(length, limit)
}

function health(engine: string): HttpResponse {
  const up = { status: 'UP' }
  return json({ ...up, zipkin: { ...up, details: { [`SpanStore{${engine}}`]: up } } })
}
