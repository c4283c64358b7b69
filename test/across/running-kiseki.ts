import { expect } from 'vitest'
import { type AllInOneUrls, startAllInOne } from '../../src/cli/kiseki/testing/all-in-one-process.ts'
import type { JaegerEnvelope, JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'

export interface RunningKiseki {
  readonly urls: AllInOneUrls
  /** The trace as soon as it has so many spans. */
  storedTrace(traceId: string, spans: number): Promise<JaegerTrace>
  /** Fails unless it ends well. */
  stop(): Promise<void>
}

/** `kiseki all-in-one` in a process of its own, on free ports. */
export async function runKiseki(): Promise<RunningKiseki> {
  const { child, urls } = await startAllInOne()
  const get = async (traceId: string): Promise<JaegerTrace | undefined> => {
    const response = await fetch(`${urls.ui}/api/traces/${traceId}?raw=true`)
    const { data } = (await response.json()) as JaegerEnvelope<readonly JaegerTrace[] | null>
    return data?.[0]
  }
  return {
    urls,
    async storedTrace(traceId, spans) {
      await expect.poll(async () => (await get(traceId))?.spans.length, { timeout: 20_000 }).toBe(spans)
      const found = await get(traceId)
      if (found === undefined) throw new Error('The trace went away.')
      return found
    },
    async stop() {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    },
  }
}

export function spanOf(found: JaegerTrace, spanId: string): JaegerSpan {
  const span = found.spans.find(candidate => candidate.spanID === spanId)
  if (span === undefined) throw new Error(`No span ${spanId}.`)
  return span
}
