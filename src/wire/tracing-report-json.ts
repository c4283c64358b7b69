import { micros } from '../model/micros.ts'
import { toRevision } from '../model/sidecar-config.ts'
import type {
  ExportAttempt,
  ExportOutcome,
  RequestCounts,
  SpanCounts,
  TracingInForce,
  TracingReport,
} from '../model/tracing-report.ts'
import {
  fieldsOf,
  type Place,
  parseJson,
  type Reader,
  readCount,
  readFraction,
  readOneOf,
  readRecord,
  readText,
  readWhole,
  refuse,
} from './json-place.ts'

/** Indented by one space a level, as the other pages for people, with a line end. */
export function encodeTracingReport(report: TracingReport): string {
  return `${JSON.stringify(report, undefined, 1)}\n`
}

/** Fields that are not known are left out. Throws `KISEKI_INVALID` with the JSON path of what it cannot use. */
export function parseTracingReport(text: string): TracingReport {
  return parseJson(text, readReport, {
    code: 'KISEKI_INVALID',
    what: 'tracing report of a sidecar',
    remedy: 'Sidecar and command line may be of different releases: see `osm version`.',
  })
}

const readReport: Reader<TracingReport> = place => {
  const at = fieldsOf(place)
  const requests = fieldsOf(at('requests'))
  const revision = optional(at('revision'), readText)
  const tracing = optional(at('tracing'), readTracing)
  const lastExport = optional(at('lastExport'), readAttempt)
  return {
    ...(revision === undefined ? {} : { revision: toRevision(revision) }),
    ...(tracing === undefined ? {} : { tracing }),
    requests: {
      inbound: readRequests(requests('inbound')),
      outbound: readRequests(requests('outbound')),
    },
    spans: readSpans(at('spans')),
    ...(lastExport === undefined ? {} : { lastExport }),
  }
}

function optional<T>(place: Place, read: Reader<T>): T | undefined {
  return place.value === undefined ? undefined : read(place)
}

const readTracing: Reader<TracingInForce> = place => {
  const at = fieldsOf(place)
  return {
    address: readText(at('address')),
    port: readWhole(at('port'), 65_535),
    endpoint: readText(at('endpoint')),
    sampledFraction: readFraction(at('sampledFraction')),
  }
}

const readRequests: Reader<RequestCounts> = place => {
  const at = fieldsOf(place)
  return {
    seen: readCount(at('seen')),
    sampled: readCount(at('sampled')),
    notSampled: readCount(at('notSampled')),
  }
}

const readSpans: Reader<SpanCounts> = place => {
  const at = fieldsOf(place)
  return {
    recorded: readCount(at('recorded')),
    acknowledged: readCount(at('acknowledged')),
    queued: readCount(at('queued')),
    dropped: readRecord(at('dropped'), readCount),
  }
}

const readAttempt: Reader<ExportAttempt> = place => {
  const at = fieldsOf(place)
  const detail = at('detail')
  return {
    at: micros(readCount(at('at'))),
    outcome: readOneOf<ExportOutcome>(at('outcome'), [
      'acknowledged',
      'refused',
      'unavailable',
      'unreachable',
    ]),
    detail: typeof detail.value === 'string' ? detail.value : refuse(detail, 'a text'),
  }
}
