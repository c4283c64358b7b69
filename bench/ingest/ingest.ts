/**
 * How fast `kiseki all-in-one` takes spans over HTTP, in Zipkin's JSON and in OTLP's protobuf, each from a start.
 * `node bench/ingest/ingest.ts [SECONDS] [CONNECTIONS] [FLAGS]`
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runBackend } from '../running-backend.ts'

const [seconds = '5', connections = '16', ...flags] = process.argv.slice(2)

for (const format of ['zipkin', 'otlp'] as const) await measure(format)

async function measure(format: 'zipkin' | 'otlp'): Promise<void> {
  const backend = await runBackend(flags)
  const url = format === 'otlp' ? backend.otlpHttp : backend.zipkin
  const load = (forSeconds: string) =>
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'load.ts'),
      url,
      forSeconds,
      connections,
      format,
    ])

  await load('2')
  const before = await backend.metric('process_cpu_seconds')
  const { spans, ...rest } = JSON.parse((await load(seconds)).stdout)
  const cpu = (await backend.metric('process_cpu_seconds')) - before
  console.log(`${format}: ${Math.round(spans / rest.seconds / 1000)} k spans/s over HTTP`)
  console.log(
    `${((cpu / spans) * 1e6).toFixed(2)} µs of the server's CPU a span (${(cpu / rest.seconds).toFixed(2)} cores)`,
  )
  console.log(`answers ${JSON.stringify(rest.statuses)}, p50 ${rest.p50Millis} ms, p99 ${rest.p99Millis} ms`)
  const present = await backend.metric('kiseki_store_spans{state="present"}')
  const resident = await backend.metric('process_resident_memory_bytes')
  console.log(
    `${present} spans present, resident ${Math.round(resident / 2 ** 20)} MiB, ${Math.round(resident / present)} bytes a span`,
  )
  await backend.stop()
}
