import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBackend, runBackend } from '../../../bench/running-backend.ts'
import { ensureBundle } from '../../../src/app/bundles.ts'
import { createQueryClient } from '../../../src/client/query-client.ts'
import { micros } from '../../../src/model/micros.ts'
import type { TracingConfig } from '../../../src/model/sidecar-config.ts'
import { type App, startApp } from '../../../src/sidecar/testing/echo-app.ts'
import { booksOn } from '../../../src/sidecar/testing/rig.ts'
import { type Counts, type SidecarProcess, startSidecarProcess } from '../sidecar-process.ts'
import { type Answers, type AskOptions, askMany } from './asking.ts'
import { type Gate, openGate, pass, type Rule } from './gate.ts'

/**
 * Three books are kept of the same spans: the client's, of the responses that it got; the sidecar's, of the spans that it
 * recorded; and the store's. They must agree to the span, whatever happens on the way.
 */

let backend: RunningBackend
let app: App
let sidecar: SidecarProcess
let gate: Gate
let workload: string
let cases = 0
const startedAt = Date.now()

beforeAll(async () => {
  app = await startApp((_, response) => void response.end('ok'))
  backend = await runBackend([], await ensureBundle('kiseki'))
})

afterAll(async () => {
  await Promise.all([backend?.stop(), app?.close()])
})

afterEach(async () => {
  await sidecar?.end()
  await gate?.shut()
})

type Tracing = Partial<TracingConfig> | false

function configure(tracing: Tracing = {}, port = gate.port): Promise<void> {
  return sidecar.configure({ workload, ...booksOn(app.port), tracing }, port)
}

/** A sidecar, and a gate before the collector. */
async function begin(rule: Rule = pass): Promise<void> {
  workload = `case-${++cases}`
  gate = await openGate(backend.zipkin)
  gate.rule = rule
  sidecar = await startSidecarProcess()
  await configure()
}

function ask(requests: number, options: Partial<AskOptions> = {}): Promise<Answers> {
  return askMany({ host: sidecar.address, port: sidecar.outbound, requests, ...options })
}

/** Every span that the store has of this case, as often as it has it. */
async function stored(): Promise<readonly string[]> {
  const query = createQueryClient({
    baseUrl: backend.ui,
    // Ids as they were sent, and nothing merged.
    fetch: (url, init) => {
      const raw = new URL(url)
      raw.searchParams.set('raw', 'true')
      return fetch(raw, init)
    },
  })
  const range = { from: micros((startedAt - 60_000) * 1000), to: micros((Date.now() + 60_000) * 1000) }
  const traces = await query.findTraces({ service: workload, limit: 1_000_000, range })
  return traces.flatMap(trace => trace.spans.map(span => `${span.traceID}/${span.spanID}`))
}

const droppedOf = (counts: Counts): number =>
  Object.values(counts.dropped).reduce((sum, each) => sum + each, 0)

/** The law of the books holds at every look, until `done`. */
async function lookUntil(done: (counts: Counts) => boolean): Promise<Counts> {
  for (;;) {
    const counts = await sidecar.counts()
    const { recorded, acknowledged, queued } = counts
    expect(acknowledged + queued + droppedOf(counts)).toBe(recorded)
    if (done(counts)) return counts
    await sleep(50)
  }
}

const settled = (): Promise<Counts> => lookUntil(({ queued }) => queued === 0)

/** What the collector wrote while this ran. */
async function writtenDuring<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly written: number; readonly repeated: number }> {
  const before = await collectorCounts()
  const result = await run()
  const after = await collectorCounts()
  return { result, written: after.written - before.written, repeated: after.repeated - before.repeated }
}

async function collectorCounts() {
  const [written, repeated] = await Promise.all([
    backend.metric('kiseki_collector_spans_written_total'),
    backend.metric('kiseki_collector_batches_repeated_total'),
  ])
  return { written, repeated }
}

/** What the sidecar counted and what is stored are the requests that were answered, each once. */
async function expectDelivered({ ids }: Answers, counts: Counts | undefined): Promise<void> {
  expect(counts).toEqual({ recorded: ids.length, acknowledged: ids.length, queued: 0, dropped: {} })
  expect((await stored()).toSorted()).toEqual(ids.toSorted())
}

/** All three books say the same: nothing is lost, and nothing is there twice. */
async function expectAllStored(answers: Answers): Promise<void> {
  const counts = await settled()
  expect(answers).toMatchObject({ untraced: 0, failures: [] })
  expect(await sidecar.metric('kiseki_sidecar_retries_total')).toBe(0)
  await expectDelivered(answers, counts)
}

describe.skipIf(process.platform !== 'linux')('client, sidecar and store agree', () => {
  it('when all is well', async () => {
    await begin()
    const { result, written, repeated } = await writtenDuring(async () => {
      const answers = await ask(2000)
      await expectAllStored(answers)
      return answers
    })
    expect(written).toBe(result.ids.length)
    expect(repeated).toBe(0)
  })

  it('when the collector is away for 20 seconds', async () => {
    await begin()
    const before = await ask(300)
    await gate.shut()
    const away = sleep(20_000)
    const during = await ask(1500)
    expect(await lookUntil(({ queued }) => queued >= 1500)).toMatchObject({ dropped: {} })
    await away
    expect((await sidecar.counts()).queued).toBeGreaterThanOrEqual(1500)
    await gate.open()
    const after = await ask(300)
    await expectAllStored(joined(before, during, after))
  })

  it('when the collector is slow', async () => {
    await begin(async passing => {
      await sleep(1500)
      await pass(passing)
    })
    await expectAllStored(await ask(2000))
  })

  it('when the collector stores, but answers later than the sidecar waits', async () => {
    await begin(async passing => {
      const status = await passing.deliver()
      if (passing.attempt === 1) await sleep(11_000)
      passing.response.writeHead(status).end()
    })
    const { repeated } = await writtenDuring(async () => expectAllStored(await ask(500)))
    expect(repeated).toBeGreaterThan(0)
    expect(repeated).toBe(gate.attempts / 2)
  })

  it('when the collector has no room, and says when to come again', async () => {
    const asked: number[] = []
    await begin(async passing => {
      if (passing.attempt === 1) {
        asked.push(performance.now())
        passing.response.writeHead(429, { 'retry-after': '2' }).end()
        return
      }
      asked.push(performance.now())
      await pass(passing)
    })
    await expectAllStored(await ask(20, { connections: 1 }))
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(1990)
  })

  it('when the collector fails, talks nonsense, or breaks off', async () => {
    const failures: readonly Rule[] = [
      ({ response }) => void response.writeHead(500).end('no'),
      ({ response }) => void response.writeHead(503, { 'retry-after': 'soon' }).end(),
      ({ response }) => void response.socket?.end('nonsense\r\n\r\n'),
      ({ response }) => void response.socket?.destroy(),
      ({ response }) => void response.socket?.resetAndDestroy(),
    ]
    await begin(passing => (failures[passing.attempt - 1] ?? pass)(passing))
    await expectAllStored(await ask(1000))
    expect(gate.attempts % (failures.length + 1)).toBe(0)
  })

  it('when the collector stores, and its answer is lost', async () => {
    const losses: readonly Rule[] = [
      ({ response }) => void response.socket?.destroy(),
      ({ response }) => void response.socket?.end('HTTP/1.1 202 Acc'),
      ({ response }) => void response.socket?.end('HTTP/1.1 202 Accepted\r\ncontent-length: 10\r\n\r\nhalf'),
      ({ response }) => void response.writeHead(500).end(),
    ]
    await begin(async passing => {
      await passing.deliver()
      const lose = losses[passing.attempt - 1] ?? pass
      await lose(passing)
    })
    const { result, written, repeated } = await writtenDuring(async () => {
      const answers = await ask(1000)
      await expectAllStored(answers)
      return answers
    })
    expect(written).toBe(result.ids.length)
    // Each batch came once, once after each loss, and once more by the rule that passes it.
    const batches = gate.attempts / (losses.length + 1)
    expect(repeated).toBe(batches * (losses.length + 1))
  })

  it('when the collector refuses', async () => {
    await begin(({ response }) => void response.writeHead(400).end('bad'))
    const answers = await ask(500)
    expect(await settled()).toEqual({
      recorded: answers.ids.length,
      acknowledged: 0,
      queued: 0,
      dropped: { refused: answers.ids.length },
    })
    expect(await stored()).toEqual([])
  })

  it('when the sidecar ends with spans in its queue', async () => {
    await begin()
    const answers = await ask(1000)
    await expectDelivered(answers, await sidecar.end())
  })

  it('when the sidecar ends under load', async () => {
    await begin()
    let ending: Promise<Counts> | undefined
    const answers = await ask(1_000_000, {
      untilFailure: true,
      answered: count => {
        if (count === 2000) ending = sidecar.end()
      },
    })
    const counts = await ending
    // Whoever came later found nobody; whoever was answered is in the books.
    expect(answers.failures).toHaveLength(16)
    expect(answers.ids.length).toBeGreaterThanOrEqual(2000 - answers.failures.length)
    await expectDelivered(answers, counts)
  })

  it('when the sidecar ends and nobody takes its spans', async () => {
    await begin()
    const taken = await ask(100)
    await settled()
    await gate.shut()
    const lost = await ask(700)
    expect(await sidecar.end()).toEqual({
      recorded: 800,
      acknowledged: 100,
      queued: 0,
      dropped: { stopped: 700 },
    })
    expect([taken.ids.length, lost.ids.length]).toEqual([100, 700])
    expect((await stored()).toSorted()).toEqual(taken.ids.toSorted())
  })

  it('when the queue overflows', async () => {
    await begin()
    await gate.shut()
    // 8 MiB of spans are kept: long targets make them fewer.
    const answers = await ask(4000, { path: `/${'long-'.repeat(600)}` })
    const full = await lookUntil(() => true)
    expect(full.recorded).toBe(4000)
    expect(full.dropped['queue-full']).toBeGreaterThan(0)
    expect(full.queued + (full.dropped['queue-full'] ?? 0)).toBe(4000)
    await gate.open()
    const counts = await settled()
    expect(counts).toEqual({
      recorded: answers.ids.length,
      acknowledged: full.queued,
      queued: 0,
      dropped: full.dropped,
    })
    const kept = await stored()
    expect(kept).toHaveLength(full.queued)
    expect(new Set(kept).size).toBe(full.queued)
    const told = new Set(answers.ids)
    expect(kept.filter(id => !told.has(id))).toEqual([])
  })

  it('when tracing is led elsewhere while the old collector is down', async () => {
    await begin()
    await gate.shut()
    const lost = await ask(400)
    await lookUntil(({ recorded }) => recorded === 400)
    const other = await openGate(backend.zipkin)
    try {
      await configure({ address: 'other.example' }, other.port)
      const found = await ask(600)
      expect(await settled()).toEqual({
        recorded: lost.ids.length + found.ids.length,
        acknowledged: found.ids.length,
        queued: 0,
        dropped: { repointed: lost.ids.length },
      })
      expect((await stored()).toSorted()).toEqual(found.ids.toSorted())
    } finally {
      await sidecar.end()
      await other.shut()
    }
  })

  it('when tracing is switched off and on under load', async () => {
    await begin()
    let changes = Promise.resolve()
    const answers = await ask(6000, {
      answered: count => {
        if (count % 1000 === 0) changes = changes.then(() => configure(count % 2000 === 0 ? {} : false))
      },
    })
    await changes
    const counts = await settled()
    expect(answers.failures).toEqual([])
    expect(answers.untraced).toBeGreaterThan(0)
    expect(answers.ids.length + answers.untraced).toBe(6000)
    expect(counts.recorded).toBe(answers.ids.length)
    // What ended after the switch had nowhere to go.
    const disabled = counts.dropped['disabled'] ?? 0
    expect(counts).toMatchObject({ acknowledged: answers.ids.length - disabled, queued: 0 })
    expect(droppedOf(counts)).toBe(disabled)
    const kept = await stored()
    expect(new Set(kept).size).toBe(kept.length)
    expect(kept).toHaveLength(counts.acknowledged)
    const told = new Set(answers.ids)
    expect(kept.filter(id => !told.has(id))).toEqual([])
  })
})

function joined(...all: readonly Answers[]): Answers {
  return {
    ids: all.flatMap(({ ids }) => ids),
    untraced: all.reduce((sum, { untraced }) => sum + untraced, 0),
    failures: all.flatMap(({ failures }) => failures),
  }
}
