import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BodySize, pathOf } from './bodies.ts'
import { type Ground, LOAD_CORE } from './ground.ts'
import type { Load } from './load.ts'

export interface WrkOptions {
  readonly port: number
  readonly authority: string
  readonly connections: number
  readonly size: BodySize
  readonly seconds: number
}

/** No head of an answer here is longer. */
const LARGEST_HEAD = 1024

/** Runs once at the end, so that it costs no request anything. */
const REPORT = `function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"bytes":%d,"micros":%d,"p50":%d,"p99":%d,"p999":%d,"errors":%d}\\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`

/** HTTP/1.1, as fast as it goes. Throws when an answer had another status or another length. */
export async function runWrk(ground: Ground, options: WrkOptions): Promise<Load> {
  const script = join(ground.folder, 'report.lua')
  writeFileSync(script, REPORT)
  const { port, authority, connections, size, seconds } = options
  const { stdout } = await promisify(execFile)('taskset', [
    ...['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'],
    ...['-s', script, '-H', `Host: ${authority}`, `http://127.0.0.1:${port}${pathOf(size)}`],
  ])
  const line = /^\{.*\}$/m.exec(stdout)?.[0]
  if (line === undefined) throw new Error(`wrk says: ${stdout}`)
  const { requests, bytes, micros, p50, p99, p999, errors } = JSON.parse(line)
  if (errors > 0 || requests === 0) throw new Error(`wrk had ${errors} errors: ${stdout}`)
  // Answers that were under way at the end are in the bytes, but not in the requests.
  const most = (requests + connections) * (size.bytes + LARGEST_HEAD)
  if (bytes < requests * size.bytes || bytes > most) throw new Error(`answers of another length: ${stdout}`)
  return { requests, perSecond: (requests * 1e6) / micros, micros: { p50, p99, p999 } }
}
