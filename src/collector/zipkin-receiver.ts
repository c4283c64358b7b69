import type { IncomingHttpHeaders } from 'node:http'
import {
  type Handler,
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
  text,
} from '../runtime/http-exchange.ts'
import type { BatchIntake, IntakeOutcome } from './batch-intake.ts'
import type { Door } from './collector-ledger.ts'
import { type CrossOrigin, openTo } from './cross-origin.ts'

export interface ZipkinReceiverOptions {
  readonly intake: BatchIntake
  readonly engine: string
  readonly crossOrigin: CrossOrigin
  /** Of one batch, before and after decompression. */
  readonly maxBodyBytes: number
  readonly version: string
}

/** What a server of Zipkin answers on port 9411 to those who send spans (openzipkin/zipkin-api). */
export function zipkinRoutes(options: ZipkinReceiverOptions): readonly Route[] {
  const { crossOrigin } = options
  const open = (answer: Handler) => openTo(crossOrigin, answer)
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

const ZIPKIN: Door = { format: 'zipkin', transport: 'http' }

async function receive(request: HttpRequest, options: ZipkinReceiverOptions): Promise<HttpResponse> {
  const { intake, maxBodyBytes } = options
  const format = unsupportedFormat(request.headers)
  if (format !== undefined) {
    intake.ledger.refuse('unsupported-format')
    return text(415, `${format} is not supported here: send Zipkin's JSON v2 as application/json\n`)
  }
  return answer(await intake.receive(request, ZIPKIN, 'zipkin-json-v2', maxBodyBytes))
}

function answer(outcome: IntakeOutcome): HttpResponse {
  switch (outcome.status) {
    case 'accepted':
      return { status: 202 }
    case 'malformed':
      return text(400, outcome.message)
    case 'overloaded':
      return overloaded(outcome.retryAfterMillis)
    case 'too-large':
      return text(413, `A body may have ${outcome.limit} bytes at most, also decompressed\n`)
    case 'unsupported-encoding':
      return text(415, `unsupported Content-Encoding: ${outcome.encoding}\n`)
    case 'undecodable':
      return text(400, 'Cannot gunzip spans')
    case 'aborted':
      return text(400, 'The body ended too early\n')
  }
}

function overloaded(retryAfterMillis: number): HttpResponse {
  const refusal = text(429, 'Too many spans are waiting: send these again later\n')
  return {
    ...refusal,
    headers: { ...refusal.headers, 'retry-after': String(Math.ceil(retryAfterMillis / 1000)) },
  }
}

function refuseFirstFormat({ intake }: ZipkinReceiverOptions): HttpResponse {
  intake.ledger.refuse('unsupported-format')
  return text(415, 'The first format of Zipkin is not supported here: send JSON v2 to /api/v2/spans\n')
}

/** The type by its name if it is one of Zipkin's other formats. JSON comes under any other name, also under none. */
function unsupportedFormat(headers: IncomingHttpHeaders): string | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return /^application\/(x-protobuf|x-thrift|vnd\.apache\.thrift\..*)$/.test(type) ? type : undefined
}

function health(engine: string): HttpResponse {
  const up = { status: 'UP' }
  return json({ ...up, zipkin: { ...up, details: { [`SpanStore{${engine}}`]: up } } })
}
