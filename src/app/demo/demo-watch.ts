import { setTimeout as delay } from 'node:timers/promises'
import { createQueryClient, type QueryServiceClient } from '../../client/query-client.ts'
import { micros } from '../../model/micros.ts'
import type { JaegerTrace } from '../../wire/jaeger-shapes.ts'
import { readSidecarLedger } from '../mesh/ledgers.ts'
import { isComplete, traceLines } from './complete-trace.ts'
import type { Demo } from './demo.ts'
import type { DemoDescription } from './demo-description.ts'
import { findSuccessLine } from './success-line.ts'

export interface WatchOptions {
  readonly demo: Demo
  readonly description: DemoDescription
  readonly progress: (step: string) => void
  /** Aborts when time is up. */
  readonly signal: AbortSignal
}

export interface WatchOutcome {
  readonly status: 'seen' | 'missing'
  /** For a person: what was seen, or what was missing. */
  readonly report: string
}

const ASK_AGAIN_MILLIS = 200
const LAST_HOUR_MICROS = 3_600_000_000

/** Waits for one complete trace in the query API, where there is one, and for the demo's success line in the log. */
export async function watchDemo(options: WatchOptions): Promise<WatchOutcome> {
  const { demo, description, progress, signal } = options
  const [trace, line] = await Promise.all([
    watchTraces(options),
    findSuccessLine(demo.mesh, description.success, signal).then(found => {
      if (found !== undefined) progress(`${description.success.container} says that its requests succeed`)
      return found
    }),
  ])
  const missing = [
    ...(trace === 'missing' ? [missingTrace(description)] : []),
    ...(line === undefined ? [missingLine(description)] : []),
  ]
  const seen = [
    ...(line === undefined ? [] : [line]),
    ...(typeof trace === 'string' ? [] : [printTrace(trace)]),
  ]
  const report = [...seen, ...missing, await printLedger(demo)].join('\n\n')
  return { status: missing.length === 0 ? 'seen' : 'missing', report }
}

async function watchTraces(options: WatchOptions): Promise<JaegerTrace | 'missing' | 'none-wanted'> {
  const { demo, description, progress, signal } = options
  if (demo.jaeger === undefined) return 'none-wanted'
  const client = createQueryClient({ baseUrl: demo.jaeger.pageUrl })
  const found = await firstCompleteTrace(client, description, signal)
  if (found !== undefined) progress('first complete trace is in the API')
  return found ?? 'missing'
}

async function firstCompleteTrace(
  client: QueryServiceClient,
  description: DemoDescription,
  signal: AbortSignal,
): Promise<JaegerTrace | undefined> {
  while (!signal.aborted) {
    const now = Date.now() * 1000
    const range = { from: micros(now - LAST_HOUR_MICROS), to: micros(now) }
    // The services of a demo appear one after the other; until then the answer is empty or an error.
    const traces = await client.findTraces({ range, limit: 50 }, { signal }).catch(() => [])
    const complete = traces.find(trace => isComplete(trace, description.completeTrace))
    if (complete !== undefined) return complete
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

function printTrace(trace: JaegerTrace): string {
  const lines = traceLines(trace).map(({ service, kind, name, duration, depth }) => {
    const who = `${'  '.repeat(depth)}${service}`.padEnd(28)
    return `  ${who}${kind.padEnd(8)}${(duration / 1000).toFixed(1).padStart(9)} ms  ${name}`
  })
  return [`Trace ${trace.traceID}, ${trace.spans.length} spans:`, ...lines].join('\n')
}

async function printLedger(demo: Demo): Promise<string> {
  const { recorded, acknowledged, queued, dropped } = await readSidecarLedger(demo.mesh.client)
  return `Spans so far: ${recorded} recorded = ${acknowledged} acknowledged + ${queued} queued + ${dropped} dropped`
}

function missingTrace({ completeTrace }: DemoDescription): string {
  const way = completeTrace.services.map(group => group.join('|')).join(' → ')
  return `Missing: a trace of at least ${completeTrace.spans} spans that leads ${way}.`
}

function missingLine({ success }: DemoDescription): string {
  return `Missing: the line "${success.line}" in the log of ${success.container} in namespace ${success.namespace}.`
}
