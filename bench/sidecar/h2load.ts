import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BodySize, pathOf } from './bodies.ts'
import { type Ground, LOAD_CORE } from './ground.ts'
import type { Latency, Load } from './load.ts'

export interface H2loadOptions {
  readonly port: number
  readonly authority: string
  readonly protocol: 'h1' | 'h2'
  readonly connections: number
  /** At the same time on one connection. */
  readonly streams: number
  readonly size: BodySize
  /** How long, or how many. */
  readonly seconds?: number
  readonly requests?: number
  /** All connections together, and the time of each request is looked at; undefined: as fast as it goes. */
  readonly perSecond?: number
}

/** Beyond the time that was asked for. */
const MOST_SECONDS = 60

/** Throws when an answer had another status or another length. */
export async function runH2load(ground: Ground, options: H2loadOptions): Promise<Load> {
  const { port, authority, protocol, connections, streams, size, seconds, requests, perSecond } = options
  const log = join(ground.folder, 'h2load.log')
  // It appends to what is there.
  rmSync(log, { force: true })
  const flags = [
    ...(protocol === 'h1' ? ['--h1'] : ['-p', 'h2c']),
    ...['-c', String(connections), '-m', String(streams), `--connect-to=127.0.0.1:${port}`],
    ...(seconds === undefined ? ['-n', String(requests)] : ['-D', String(seconds)]),
    ...(perSecond === undefined ? [] : ['--rps', String(perSecond / connections), '--log-file', log]),
  ]
  const started = performance.now()
  const { stdout } = await promisify(execFile)(
    'taskset',
    ['-c', String(LOAD_CORE), 'h2load', ...flags, `http://${authority}${pathOf(size)}`],
    { timeout: ((seconds ?? 0) + MOST_SECONDS) * 1000 },
  )
  const elapsed = (performance.now() - started) / 1000
  const done = succeeded(stdout, size)
  const rate = done / (seconds ?? elapsed)
  return { requests: done, perSecond: rate, ...(perSecond === undefined ? {} : { micros: latencyOf(log) }) }
}

function succeeded(report: string, size: BodySize): number {
  const number = (pattern: RegExp): number => Number(pattern.exec(report)?.[1] ?? Number.NaN)
  const requests = number(/(\d+) succeeded/)
  const started = number(/(\d+) started/)
  const failed = number(/(\d+) failed/)
  const good = number(/status codes: (\d+) 2xx/)
  const body = number(/\((\d+)\) data/)
  if (!(requests > 0) || failed !== 0 || good < requests) throw new Error(`h2load says: ${report}`)
  // Answers that were under way at the end are in the bytes, but not in the requests.
  if (body < requests * size.bytes || body > started * size.bytes) {
    throw new Error(`answers of another length: ${report}`)
  }
  return requests
}

/** From a log with a line a request: start, status, µs. */
function latencyOf(log: string): Latency {
  const micros = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => Number(line.split('\t')[2]))
    .sort((a, b) => a - b)
  const at = (share: number): number => micros[Math.floor(micros.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}
