import { KisekiError } from '../model/errors.ts'
import type { ConfigAnswer } from '../model/sidecar-config.ts'
import { type HttpRequest, type HttpResponse, json, type Route, text } from '../runtime/http-exchange.ts'
import { METRICS_CONTENT_TYPE } from '../runtime/metrics.ts'
import { parseConfigAnswer } from '../wire/sidecar-config-json.ts'
import type { ConfigStream } from './config-stream.ts'
import type { Fleet } from './fleet.ts'

export interface ControlRoutes {
  /** `full`: there are as many streams as there may be. */
  readonly listen: (podUid: string, gone: AbortSignal) => ConfigStream | 'full'
  readonly answer: (podUid: string, answer: ConfigAnswer) => 'taken' | 'unknown'
  readonly fleet: () => Fleet
  readonly version: string
  readonly printMetrics: () => string
}

const ANSWER_LIMIT_BYTES = 64 * 1024
const RETRY_AFTER_SECONDS = '5'

export function controlRoutes(control: ControlRoutes): readonly Route[] {
  return [
    { method: 'GET', path: '/v1/sidecars/:uid/config', handle: request => streamConfigs(control, request) },
    { method: 'POST', path: '/v1/sidecars/:uid/answer', handle: request => takeAnswer(control, request) },
    { method: 'GET', path: '/v1/fleet', handle: () => json(control.fleet()) },
    { method: 'GET', path: '/health', handle: () => json({ status: 'ok' }) },
    { method: 'GET', path: '/version', handle: () => json(versionInfo(control.version)) },
    { method: 'GET', path: '/metrics', handle: () => printMetrics(control) },
  ]
}

/** One SidecarConfig a line, the first as soon as the pod is known; empty lines say that somebody is there. */
function streamConfigs(control: ControlRoutes, request: HttpRequest): HttpResponse {
  if (request.method === 'HEAD') return { status: 200 }
  const stream = control.listen(request.params['uid'] ?? '', request.signal)
  if (stream === 'full') {
    return { ...text(503, 'too many sidecars listen\n'), headers: { 'retry-after': RETRY_AFTER_SECONDS } }
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', connection: 'close' },
    body: stream.lines,
    signal: stream.cut,
  }
}

async function takeAnswer(control: ControlRoutes, request: HttpRequest): Promise<HttpResponse> {
  const body = await request.body(ANSWER_LIMIT_BYTES)
  if (body.status === 'too-large') return text(413, `an answer has at most ${body.limit} bytes\n`)
  if (body.status !== 'read') return text(400, `the answer could not be read: ${body.status}\n`)
  const answer = readAnswer(new TextDecoder().decode(body.bytes))
  if (answer instanceof KisekiError) {
    const { code, message, remedy } = answer
    return json({ code, message, remedy }, 400)
  }
  const outcome = control.answer(request.params['uid'] ?? '', answer)
  return outcome === 'taken' ? { status: 204 } : text(404, 'no sidecar of this pod listened\n')
}

function readAnswer(content: string): ConfigAnswer | KisekiError {
  try {
    return parseConfigAnswer(content)
  } catch (error) {
    if (error instanceof KisekiError) return error
    throw error
  }
}

/** As osm-edge's controller answers. */
function versionInfo(version: string): object {
  return { version, git_commit: '', build_date: '' }
}

function printMetrics(control: ControlRoutes): HttpResponse {
  return { status: 200, headers: { 'content-type': METRICS_CONTENT_TYPE }, body: control.printMetrics() }
}
