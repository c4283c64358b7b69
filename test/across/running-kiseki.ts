import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { JaegerEnvelope, JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/kiseki/main.ts')
const FREE_PORTS = [
  'collector.zipkin',
  'collector.otlp.grpc',
  'collector.otlp.http',
  'query.http-server',
  'admin.http',
].map(name => `--${name}.host-port=127.0.0.1:0`)

export interface KisekiUrls {
  readonly ui: string
  readonly zipkin: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  readonly admin: string
}

export interface RunningKiseki {
  readonly urls: KisekiUrls
  /** The trace as soon as it has so many spans. */
  storedTrace(traceId: string, spans: number): Promise<JaegerTrace>
  /** Fails unless it ends well. */
  stop(): Promise<void>
}

/** `kiseki all-in-one` in a process of its own, on free ports. */
export async function runKiseki(): Promise<RunningKiseki> {
  const child = spawn(process.execPath, [MAIN, 'all-in-one', ...FREE_PORTS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const urls = await new Promise<KisekiUrls>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const ready = /^ready (.*)\n/m.exec(output)
      if (ready?.[1] !== undefined) resolve(JSON.parse(ready[1]))
    })
    child.once('exit', code => reject(new Error(`kiseki ended with ${code}`)))
  })
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
