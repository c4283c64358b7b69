import { KisekiError } from '../model/errors.ts'
import { shortTraceId } from '../model/ids.ts'
import type { Resource, Span } from '../model/span.ts'
import type { AdjustedTrace, SpanWarnings, Trace } from '../model/trace.ts'
import { readTraceId } from './hex.ts'
import { readKeyValue, writeKeyValue } from './jaeger-key-values.ts'
import { NO_SERVICE } from './jaeger-names.ts'
import type { JaegerProcess, JaegerTrace } from './jaeger-shapes.ts'
import { readJaegerSpan } from './jaeger-span-read.ts'
import { writeJaegerSpan } from './jaeger-span-write.ts'

const NO_RESOURCE: Resource = { service: '', attributes: [] }

/**
 * A trace as Jaeger's classic API prints it. Whole microseconds; attributes of scopes and `shared` have no
 * place there. A trace that was not adjusted has no warnings.
 */
export function encodeJaegerTrace(trace: Trace | AdjustedTrace): JaegerTrace {
  const processes = new ProcessTable()
  const warnings: SpanWarnings = 'warnings' in trace ? trace.warnings : new Map()
  const spans = trace.spans.map(span =>
    writeJaegerSpan(span, processes.idOf(span.resource), warnings.get(span) ?? null),
  )
  return { traceID: shortTraceId(trace.traceId), spans, processes: processes.table(), warnings: null }
}

/**
 * Reads what Jaeger's classic API printed, with the warnings. Spans whose ids are none are left out.
 * Throws `KISEKI_INVALID` where the id of the trace is none.
 */
export function decodeJaegerTrace(json: JaegerTrace): AdjustedTrace {
  const traceId = readTraceId(json.traceID)
  if (traceId === undefined) {
    throw new KisekiError('KISEKI_INVALID', `traceID must be 1 to 32 hex digits, not ${json.traceID}`)
  }
  const resources = new Map(Object.entries(json.processes).map(([id, process]) => [id, readProcess(process)]))
  const spans: Span[] = []
  const warnings = new Map<Span, readonly string[]>()
  for (const item of json.spans) {
    const span = readJaegerSpan(item, resources.get(item.processID) ?? NO_RESOURCE)
    if (span === undefined) continue
    spans.push(span)
    if (item.warnings !== null && item.warnings.length > 0) warnings.set(span, item.warnings)
  }
  return { traceId, spans, warnings }
}

function readProcess({ serviceName, tags }: JaegerProcess): Resource {
  return { service: serviceName, attributes: tags.map(readKeyValue) }
}

/** Resources with the same service and the same attributes are one process. */
class ProcessTable {
  readonly #ids: Map<Resource, string> = new Map()
  readonly #idsByContent: Map<string, string> = new Map()
  readonly #processes: Map<string, JaegerProcess> = new Map()

  idOf(resource: Resource): string {
    const known = this.#ids.get(resource)
    if (known !== undefined) return known
    const process: JaegerProcess = {
      serviceName: resource.service === '' ? NO_SERVICE : resource.service,
      tags: resource.attributes.map(writeKeyValue),
    }
    const content = JSON.stringify(process)
    const id = this.#idsByContent.get(content) ?? `p${this.#processes.size + 1}`
    this.#ids.set(resource, id)
    this.#idsByContent.set(content, id)
    this.#processes.set(id, process)
    return id
  }

  table(): Readonly<Record<string, JaegerProcess>> {
    return Object.fromEntries(this.#processes)
  }
}
