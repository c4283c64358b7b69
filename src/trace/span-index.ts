import type { SpanId } from '../model/ids.ts'
import type { Span } from '../model/span.ts'

/** The spans of one id: usually one, two where Zipkin's client and server share it. */
interface Halves {
  readonly first: Span
  client: Span | undefined
  server: Span | undefined
}

/** Finds spans of one trace by id, and knows who is whose parent when client and server share an id. */
export class SpanIndex {
  readonly #halves: Map<SpanId, Halves> = new Map()

  constructor(spans: readonly Span[]) {
    for (const span of spans) {
      let halves = this.#halves.get(span.spanId)
      if (halves === undefined) {
        halves = { first: span, client: undefined, server: undefined }
        this.#halves.set(span.spanId, halves)
      }
      if (span.kind === 'client') halves.client ??= span
      else if (span.kind === 'server') halves.server ??= span
    }
  }

  /**
   * The parent, if it is in the trace: for the server half of a shared id the client half; for others the span
   * that is named, and of that the server half. Never the span itself.
   */
  parentOf(span: Span): Span | undefined {
    const client = span.kind === 'server' ? this.#halves.get(span.spanId)?.client : undefined
    if (client !== undefined) return client
    if (span.parentId === undefined) return undefined
    const halves = this.#halves.get(span.parentId)
    const parent = halves?.server ?? halves?.first
    return parent === span ? undefined : parent
  }

  /** Whether a server has answered under the id of this client span. */
  hasServerHalf(span: Span): boolean {
    return this.#halves.get(span.spanId)?.server !== undefined
  }
}
