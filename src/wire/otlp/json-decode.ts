import { messageOf } from '../../model/errors.ts'
import type { SpanSink } from '../../model/span-sink.ts'
import type { DecodeOutcome } from '../decode-outcome.ts'
import { JsonSpans } from './json-span.ts'
import { isFields, type JsonFields, JsonShapeError, JsonWalk } from './json-walk.ts'
import { parseLossless } from './lossless-json.ts'
import { SERVICE_NAME } from './otlp-names.ts'

/**
 * Reads `ExportTraceServiceRequest` in OTLP's JSON into the sink: names in lowerCamelCase, ids in hex, 64-bit numbers
 * as texts or numbers, enumerations as numbers or names; unknown fields are nothing. Discards as the protobuf decoder.
 */
export function decodeOtlpJson(text: string, sink: SpanSink): DecodeOutcome {
  let request: unknown
  try {
    request = parseLossless(text)
  } catch (thrown) {
    return malformed(messageOf(thrown))
  }
  if (!isFields(request)) return malformed('the body is no object')
  const reader = new RequestReader(sink)
  try {
    reader.read(request)
  } catch (thrown) {
    if (!(thrown instanceof JsonShapeError)) throw thrown
    return malformed(thrown.message)
  }
  return { status: 'decoded', spans: reader.spans, discarded: reader.discarded }
}

function malformed(problem: string): DecodeOutcome {
  return { status: 'malformed', message: `no ExportTraceServiceRequest: ${problem}` }
}

class RequestReader {
  spans = 0
  readonly discarded: Map<string, number> = new Map()
  readonly #walk = new JsonWalk()
  readonly #sink: SpanSink
  readonly #spans: JsonSpans

  constructor(sink: SpanSink) {
    this.#sink = sink
    this.#spans = new JsonSpans(this.#walk, sink)
  }

  read(request: JsonFields): void {
    this.#walk.each(request, 'resourceSpans', item => this.#readResourceSpans(item))
  }

  #readResourceSpans(of: JsonFields): void {
    const service = this.#walk.within(of, 'resource', resource => this.#findService(resource))
    const tellResource = (): void => {
      this.#sink.resource(service)
      this.#walk.within(of, 'resource', resource => this.#spans.attributes('resource', resource, service))
    }
    tellResource()
    let scoped = false
    this.#walk.each(of, 'scopeSpans', item => {
      const has = this.#walk.within(item, 'scope', scope => this.#tellScope(scope))
      // The sink gets rid of a scope by a resource that starts anew.
      if (scoped && !has) tellResource()
      scoped = has
      this.#walk.each(item, 'spans', span => this.#readSpan(span))
    })
  }

  /** The last `service.name` that is a text. */
  #findService(resource: JsonFields): string {
    let service = ''
    this.#walk.each(resource, 'attributes', item => {
      if (item['key'] !== SERVICE_NAME) return
      const text = this.#walk.within(item, 'value', value => value['stringValue'])
      if (typeof text === 'string' && text !== '') service = text
    })
    return service
  }

  /** False where it says nothing. */
  #tellScope(scope: JsonFields): boolean {
    const name = this.#walk.text(scope, 'name')
    const version = this.#walk.text(scope, 'version')
    const { attributes } = scope
    if (name === '' && version === '' && !(Array.isArray(attributes) && attributes.length > 0)) return false
    this.#sink.scope(name, version)
    this.#spans.attributes('scope', scope)
    return true
  }

  #readSpan(span: JsonFields): void {
    const problem = this.#spans.push(span)
    if (problem === undefined) this.spans++
    else this.discarded.set(problem, (this.discarded.get(problem) ?? 0) + 1)
  }
}
