/** How fast a full `kiseki all-in-one` answers Jaeger's classic API, quiet and while spans arrive. `node bench/search/search.ts` */
import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runBackend } from '../running-backend.ts'

const LOAD = join(import.meta.dirname, '../ingest/load.ts')
const REPEATS = 25
const DAY_MILLIS = 86_400_000

const backend = await runBackend()
await promisify(execFile)(process.execPath, [LOAD, backend.zipkin, '8', '16'])

/** The clock of the load generator runs ahead: its traces lie denser than real time. */
const end = (Date.now() + DAY_MILLIS) * 1000
const search = (query: string): string => `/api/traces?end=${end}&limit=20&${query}`
const first = await ask(search(''))
const traceId = /"traceID":"(\w+)"/.exec(first)?.[1] ?? ''

const QUESTIONS: Readonly<Record<string, string>> = {
  services: '/api/services',
  operations: '/api/services/front/operations',
  'one trace': `/api/traces/${traceId}`,
  'search, all services': search(''),
  'search, service': search('service=cart'),
  'search, service and operation': search(`service=cart&operation=${encodeURIComponent('GET /users/{id}')}`),
  'search, errors of a service': search('service=cart&tag=error:true'),
  'search, a tag that nothing has': search('tag=http.method:NONE'),
  'search, service and rare duration': search('service=cart&minDuration=79ms'),
  dependencies: `/api/dependencies?endTs=${end / 1000}&lookback=${7 * DAY_MILLIS}`,
}

async function ask(path: string): Promise<string> {
  const response = await fetch(backend.ui + path)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`)
  return text
}

async function measure(title: string): Promise<void> {
  const present = await backend.metric('kiseki_store_spans{state="present"}')
  console.log(`${title}, ${present} spans present: milliseconds p50 and p95, kilobytes`)
  for (const [name, path] of Object.entries(QUESTIONS)) {
    const millis: number[] = []
    let length = 0
    for (let i = 0; i < REPEATS; i++) {
      const started = performance.now()
      length = (await ask(path).catch(() => '')).length
      millis.push(performance.now() - started)
    }
    millis.sort((left, right) => left - right)
    const at = (share: number): string => (millis[Math.floor(REPEATS * share)] ?? 0).toFixed(1).padStart(8)
    console.log(`${name.padEnd(36)}${at(0.5)}${at(0.95)}${String(Math.round(length / 1000)).padStart(8)}`)
  }
}

await measure('quiet')
const load = spawn(process.execPath, [LOAD, backend.zipkin, '60', '1'], { stdio: 'ignore' })
const gone = new Promise(resolve => load.once('exit', resolve))
await measure('while spans arrive on one connection')
load.kill()
await gone
await backend.stop()
