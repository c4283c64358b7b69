import type { AttributeOwner, SpanSink } from '../../model/span-sink.ts'
import type { DecodeOutcome } from '../decode-outcome.ts'
import { SERVICE_NAME } from './otlp-names.ts'
import { ProtoCursor, ProtoError } from './proto-cursor.ts'
import { ProtoSpans } from './proto-span.ts'
import { type ProtoSource, pushAttribute, readText, readValue } from './proto-value.ts'
import { type DecodeText, TextMemo } from './text-memo.ts'

export type DecodeBytes = (bytes: Uint8Array, sink: SpanSink) => DecodeOutcome

/**
 * A decoder of `ExportTraceServiceRequest` in protobuf (open-telemetry/opentelemetry-proto), straight from the bytes
 * into the sink. Unknown fields are nothing, in whatever order the known ones come. It remembers short texts from one
 * request to the next.
 *
 * Discarded: `bad-trace-id`, `bad-span-id`, `bad-parent-id` (not 16 or 8 bytes; all zero, which no parent may be),
 * `time-out-of-range`.
 */
export function createOtlpProtoDecoder(decodeText: DecodeText): DecodeBytes {
  const texts = new TextMemo(decodeText)
  return (bytes, sink) => {
    const request = new RequestReader({ cursor: new ProtoCursor(bytes), texts }, sink)
    try {
      request.read()
    } catch (thrown) {
      if (!(thrown instanceof ProtoError)) throw thrown
      return { status: 'malformed', message: `no ExportTraceServiceRequest: ${thrown.message}` }
    }
    return { status: 'decoded', spans: request.spans, discarded: request.discarded }
  }
}

/** The first field of the request, of what is of a resource, and of what is of a scope. */
const FIRST = 10
const SECOND = 18

class RequestReader {
  spans = 0
  readonly discarded: Map<string, number> = new Map()
  readonly #source: ProtoSource
  readonly #cursor: ProtoCursor
  readonly #sink: SpanSink
  readonly #spans: ProtoSpans
  /** Whether the sink has a scope for the spans that come. */
  #scoped = false

  constructor(source: ProtoSource, sink: SpanSink) {
    this.#source = source
    this.#cursor = source.cursor
    this.#sink = sink
    this.#spans = new ProtoSpans(source, sink)
  }

  read(): void {
    this.#each(FIRST, () => this.#within(() => this.#readResourceSpans()))
  }

  /** The resource first, wherever it stands, and then what it made. */
  #readResourceSpans(): void {
    const cursor = this.#cursor
    const { at: from, end } = cursor
    const service = this.#findService()
    const tellResource = (): void => {
      cursor.at = from
      cursor.end = end
      this.#sink.resource(service)
      this.#scoped = false
      this.#each(FIRST, () => this.#within(() => this.#pushAttributes('resource', FIRST, service)))
    }
    tellResource()
    cursor.at = from
    this.#each(SECOND, () => this.#within(() => this.#readScopeSpans(tellResource)))
  }

  /** The last `service.name` that is a text. */
  #findService(): string {
    let service = ''
    const look = (): void => {
      let key = ''
      let text = ''
      this.#fields(field => {
        if (field === 10) key = readText(this.#source)
        else if (field === 18) {
          const value = readValue(this.#source, 0)
          text = typeof value === 'string' ? value : ''
        } else this.#cursor.skip(field)
      })
      if (key === SERVICE_NAME && text !== '') service = text
    }
    this.#each(FIRST, () => this.#within(() => this.#each(FIRST, () => this.#within(look))))
    return service
  }

  /** `tellResource` starts the resource anew, which is how the sink gets rid of a scope. */
  #readScopeSpans(tellResource: () => void): void {
    const cursor = this.#cursor
    const from = cursor.at
    const scope = this.#findScope()
    if (scope !== undefined) {
      this.#sink.scope(scope.name, scope.version)
      this.#scoped = true
      cursor.at = from
      this.#each(FIRST, () => this.#within(() => this.#pushAttributes('scope', 26)))
    } else if (this.#scoped) {
      const until = cursor.end
      tellResource()
      cursor.end = until
    }
    cursor.at = from
    this.#each(SECOND, () => this.#readSpan())
  }

  /** Undefined where there is none, or one that says nothing. */
  #findScope(): { readonly name: string; readonly version: string } | undefined {
    let name = ''
    let version = ''
    let hasAttributes = false
    const look = (field: number): void => {
      if (field === 10) name = readText(this.#source)
      else if (field === 18) version = readText(this.#source)
      else {
        hasAttributes ||= field === 26
        this.#cursor.skip(field)
      }
    }
    this.#each(FIRST, () => this.#within(() => this.#fields(look)))
    return name === '' && version === '' && !hasAttributes ? undefined : { name, version }
  }

  #pushAttributes(owner: AttributeOwner, field: number, service: string = ''): void {
    this.#each(field, () => pushAttribute(this.#source, owner, this.#sink, service))
  }

  #readSpan(): void {
    const problem = this.#spans.push()
    if (problem === undefined) this.spans++
    else this.discarded.set(problem, (this.discarded.get(problem) ?? 0) + 1)
  }

  /** Every field to the end of the message; `read` takes or skips it. */
  #fields(read: (field: number) => void): void {
    const cursor = this.#cursor
    for (let field = cursor.field(); field !== 0; field = cursor.field()) read(field)
  }

  #each(wanted: number, read: () => void): void {
    this.#fields(field => (field === wanted ? read() : this.#cursor.skip(field)))
  }

  #within(read: () => void): void {
    const outer = this.#cursor.enter()
    read()
    this.#cursor.leave(outer)
  }
}
