import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBackend, runBackend } from '../../../bench/running-backend.ts'
import { ensureBundle } from '../../../src/app/bundles.ts'
import { createQueryClient } from '../../../src/client/query-client.ts'
import { micros } from '../../../src/model/micros.ts'
import type { TracingReport } from '../../../src/model/tracing-report.ts'
import { AUTHORITY, type LiveMesh, openLiveMesh, type TracingPatch, until } from './live-mesh.ts'
import { type Exchange, type Load, startLoad } from './paced-load.ts'
import { startZipkinReceiver, type ZipkinReceiver } from './zipkin-receiver.ts'

const CONNECTIONS = 32
const PER_SECOND = 1250
const CHANGES = 50
/** Requests of each phase that see nothing but it. */
const PER_PHASE = 250
/** Promised is that a change is in force within 2 s; asserted with fivefold slack, as is the rate. */
const IN_FORCE_MILLIS = 2000
const SLACK = 5
const BARE_PATH = '/spans'
const MOST_TRACES = 1_000_000

type Place = 'kiseki' | 'bare' | 'off'
/** All six ways from one to another. */
const WAY: readonly Place[] = ['kiseki', 'bare', 'off', 'bare', 'kiseki', 'off']

interface Phase {
  readonly place: Place
  readonly tookMillis: number
}

let mesh: LiveMesh
let kiseki: RunningBackend
let bare: ZipkinReceiver
let load: Load
/** Odd while a change is under way, even while all sidecars are known to have it in force. */
let moment = 0
const phases: Phase[] = []
const reports: TracingReport[] = []
const startedAt = Date.now()

function patchFor(place: Place): TracingPatch {
  const { hostname, port } = new URL(kiseki.zipkin)
  if (place === 'off') return { enable: false }
  return place === 'bare'
    ? { enable: true, address: '127.0.0.2', port: bare.port, endpoint: BARE_PATH }
    : { enable: true, address: hostname, port: Number(port), endpoint: '/api/v2/spans' }
}

async function askAll(): Promise<readonly TracingReport[]> {
  const asked = await Promise.all(mesh.sidecars.map(sidecar => sidecar.report()))
  reports.push(...asked)
  return asked
}

function runs({ tracing }: TracingReport, { enable, address, port, endpoint }: TracingPatch): boolean {
  if (!enable || tracing === undefined) return !enable && tracing === undefined
  return tracing.address === address && tracing.port === port && tracing.endpoint === endpoint
}

async function change(place: Place): Promise<void> {
  const patch = patchFor(place)
  moment++
  const began = performance.now()
  await mesh.patchTracing(patch)
  await until(`all sidecars have ${place}`, async () => (await askAll()).every(report => runs(report, patch)))
  phases.push({ place, tookMillis: performance.now() - began })
  moment++
}

/** Of the phase that goes on: answered, and begun when it was in force. */
function steadyNow(): number {
  const { exchanges } = load
  let count = 0
  for (let at = exchanges.length - 1; at >= 0 && exchanges[at]?.ended === moment; at--) {
    if (exchanges[at]?.began === moment) count++
  }
  return count
}

const keyOf = (traceId: string | undefined, kind: string): string => `${traceId} ${kind}`

interface Kept {
  readonly traceId: string
  readonly id: string
  readonly kind: string
}

async function spansOfKiseki(): Promise<readonly Kept[]> {
  const base = new URL(kiseki.ui)
  const query = createQueryClient({
    baseUrl: base,
    // Without what a reader is helped with: ids as they were sent.
    fetch: (url, init) => {
      const raw = new URL(url)
      raw.searchParams.set('raw', 'true')
      return fetch(raw, init)
    },
  })
  const range = { from: micros((startedAt - 60_000) * 1000), to: micros((Date.now() + 60_000) * 1000) }
  const traces = await query.findTraces({ limit: MOST_TRACES, range })
  return traces.flatMap(trace =>
    trace.spans.map(span => ({
      traceId: span.traceID,
      id: span.spanID,
      kind: String(span.tags.find(tag => tag.key === 'span.kind')?.value).toUpperCase(),
    })),
  )
}

beforeAll(async () => {
  mesh = await openLiveMesh()
  kiseki = await runBackend([], await ensureBundle('kiseki'))
  bare = await startZipkinReceiver('127.0.0.2', BARE_PATH)
})

afterAll(async () => {
  await load?.stop()
  await mesh?.close()
  await Promise.all([kiseki?.stop(), bare?.close()])
})

describe.skipIf(process.platform !== 'linux')('tracing that is led around under load', () => {
  let atKiseki: readonly Kept[] = []
  let last: readonly TracingReport[] = []

  it(`is re-pointed, switched off and on ${CHANGES} times, and no request fails`, async () => {
    load = startLoad({
      host: mesh.asking.address,
      port: 15_001,
      authority: AUTHORITY,
      connections: CONNECTIONS,
      perSecond: PER_SECOND,
      moment: () => moment,
    })
    for (let round = 0; round < CHANGES; round++) {
      const place = WAY[round % WAY.length] ?? 'off'
      await change(place)
      await until('requests were answered', () => steadyNow() >= PER_PHASE || load.failures.length > 0)
      if (place !== 'off') continue
      // Off is off: what was recorded before is delivered, and nobody stays connected.
      await until('all is delivered', async () => (await askAll()).every(({ spans }) => spans.queued === 0))
      await until('all have left', async () => (await bare.connections()) === 0)
    }
    await load.stop()
    await change('off')
    await until('all is delivered', async () => {
      last = await askAll()
      return last.every(({ spans }) => spans.queued === 0)
    })
    atKiseki = await spansOfKiseki()
    expect(load.failures).toEqual([])
    expect(load.opened).toBe(CONNECTIONS)
    expect(bare.strange).toEqual([])
    const slowest = Math.max(...phases.map(({ tookMillis }) => tookMillis))
    console.log(
      `${load.exchanges.length} requests, ${load.rate.toFixed(0)}/s; slowest change ${slowest.toFixed(0)} ms; ` +
        `${atKiseki.length} + ${bare.spans.length} spans`,
    )
    expect(load.rate).toBeGreaterThan(1000 / SLACK)
    expect(slowest).toBeLessThan(IN_FORCE_MILLIS * SLACK)
  })

  it('leaves books that balance at every moment, and with what the collectors have', () => {
    for (const { spans } of reports) {
      const dropped = Object.values(spans.dropped).reduce((sum, each) => sum + each, 0)
      expect(spans.recorded).toBe(spans.acknowledged + spans.queued + dropped)
    }
    const sum = (of: (report: TracingReport) => number): number =>
      last.reduce((total, each) => total + of(each), 0)
    const dropped = sum(({ spans }) => Object.values(spans.dropped).reduce((all, each) => all + each, 0))
    const arrived = atKiseki.length + bare.spans.length
    expect(sum(({ spans }) => spans.recorded)).toBe(arrived + dropped)
    expect(sum(({ spans }) => spans.acknowledged)).toBe(arrived)
    // Only exchanges that outlived tracing may lose their span.
    expect(sum(({ spans }) => spans.dropped['disabled'] ?? 0)).toBe(dropped)
  })

  it('writes no span twice and invents none', () => {
    const seen = new Map(load.exchanges.map(({ traceId, spanId }) => [traceId, spanId]))
    const all = [...atKiseki, ...bare.spans]
    const keys = new Set(all.map(({ traceId, kind }) => keyOf(traceId, kind)))
    expect(keys.size).toBe(all.length)
    const invented = all.filter(({ traceId, id }) => seen.get(traceId) !== id)
    expect(invented).toEqual([])
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['CLIENT', 'SERVER']))
  })

  it('has each span where tracing led when it was recorded, and none of when it was off', () => {
    const has = {
      kiseki: new Set(atKiseki.map(({ traceId, kind }) => keyOf(traceId, kind))),
      bare: new Set(bare.spans.map(({ traceId, kind }) => keyOf(traceId, kind))),
    }
    const wrong: Exchange[] = []
    let steady = 0
    for (const exchange of load.exchanges) {
      const place = placeOf(exchange)
      if (place === undefined) continue
      steady++
      const right =
        place === 'off'
          ? exchange.traceId === undefined
          : ['CLIENT', 'SERVER'].every(kind => has[place].has(keyOf(exchange.traceId, kind)))
      if (!right) wrong.push(exchange)
    }
    expect(wrong).toEqual([])
    expect(steady).toBeGreaterThanOrEqual(CHANGES * PER_PHASE)
  })
})

/** Undefined where the request was under way during a change. */
function placeOf({ began, ended }: Exchange): Place | undefined {
  if (began !== ended || began % 2 === 1) return undefined
  return began === 0 ? 'off' : phases[began / 2 - 1]?.place
}
