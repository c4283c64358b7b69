import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TracingConfig } from '../../model/sidecar-config.ts'
import { createClock } from '../../runtime/clock.ts'
import { createLogger } from '../../runtime/logger.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startCollector } from '../testing/fake-collector.ts'
import { eventually } from '../testing/rig.ts'
import { createSpanLedger, type SpanLedger } from './span-ledger.ts'
import { createSpanRecorder, type SpanRecorder, type SpanRecorderOptions } from './span-recorder.ts'

const closing = closedAfterEach()
afterEach(() => void vi.useRealTimers())

const tracingTo = (port: number, endpoint = '/api/v2/spans'): TracingConfig => ({
  address: '127.0.0.1',
  port,
  endpoint,
  sampledFraction: 1,
  spanName: 'path',
  responseHeaders: true,
  headerTags: [],
  queryStrings: 'keep',
  resolved: [],
})

function recorderWith(options: Partial<SpanRecorderOptions> = {}): {
  ledger: SpanLedger
  recorder: SpanRecorder
} {
  const ledger = createSpanLedger(createMetrics())
  const recorder = createSpanRecorder({
    ledger,
    sender: 'uid/boot',
    logger: createLogger({ component: 'test', write: () => undefined }),
    clock: createClock(),
    random: () => 0.5,
    sealAfterMillis: 5,
    ...options,
  })
  closing({ stop: () => recorder.close(0) })
  return { ledger, recorder }
}

const droppedOf = ({ dropped }: SpanLedger): number =>
  Object.values(dropped).reduce((sum, each) => sum + each, 0)

/** The law of the books. */
function balances(ledger: SpanLedger): boolean {
  const { recorded, acknowledged, queued } = ledger
  return queued >= 0 && recorded === acknowledged + queued + droppedOf(ledger)
}

/** Takes batches and does not answer, until it is told to. */
async function silentCollector() {
  const collector = closing(await startCollector())
  const held: ServerResponse[] = []
  collector.answer = response => void held.push(response)
  return Object.assign(collector, { held })
}

describe('the exporter to where tracing led before', () => {
  it.each([
    ['repointed', tracingTo(9)],
    ['disabled', undefined],
  ] as const)('has five seconds; what is left then is dropped as %s', async (reason, next) => {
    const collector = await silentCollector()
    const { ledger, recorder } = recorderWith()
    recorder.repoint(tracingTo(collector.port))
    recorder.record('{}')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    recorder.repoint(next)
    await eventually(() => collector.held.length === 1)
    vi.advanceTimersByTime(4999)
    await new Promise(resolve => setImmediate(resolve))
    expect(ledger).toMatchObject({ recorded: 1, queued: 1, acknowledged: 0 })
    vi.advanceTimersByTime(1)
    await eventually(() => ledger.dropped[reason] === 1)
    expect(ledger).toMatchObject({ recorded: 1, queued: 0, acknowledged: 0 })
    vi.useRealTimers()
    while ((await collector.connections()) > 0) await new Promise(resolve => setImmediate(resolve))
  })

  it('delivers in that time what was recorded before, and only that', async () => {
    const old = await silentCollector()
    const next = closing(await startCollector())
    const { ledger, recorder } = recorderWith()
    recorder.repoint(tracingTo(old.port))
    recorder.record('{"name":"before"}')
    recorder.repoint(tracingTo(next.port))
    recorder.record('{"name":"after"}')
    await eventually(() => old.held.length === 1 && ledger.acknowledged === 1)
    expect(next.spans.map(span => span.name)).toEqual(['after'])
    old.held[0]?.writeHead(202).end()
    await eventually(() => ledger.acknowledged === 2)
    expect(old.batches.map(batch => batch.text)).toEqual(['[{"name":"before"}]'])
    while ((await old.connections()) > 0) await new Promise(resolve => setImmediate(resolve))
    expect(droppedOf(ledger)).toBe(0)
  })

  it('gives way when spans for the new one would not fit beside its own', async () => {
    const old = await silentCollector()
    const next = closing(await startCollector())
    const { ledger, recorder } = recorderWith({ mostQueuedBytes: 2000, largestBatchBytes: 200 })
    const span = `{"a":"${'x'.repeat(93)}"}`
    recorder.repoint(tracingTo(old.port))
    for (let count = 0; count < 15; count++) recorder.record(span)
    recorder.repoint(tracingTo(next.port))
    for (let count = 0; count < 10; count++) recorder.record(span)
    await eventually(() => ledger.acknowledged === 10)
    await eventually(() => ledger.queued === 0)
    expect(ledger.dropped).toMatchObject({ repointed: 15, 'queue-full': 0 })
    expect(next.spans).toHaveLength(10)
  })

  it('is one of eight at most, however often tracing is led elsewhere', async () => {
    const collector = await silentCollector()
    const { ledger, recorder } = recorderWith()
    for (let round = 0; round < 20; round++) {
      recorder.repoint(tracingTo(collector.port, `/${round}`))
      recorder.record('{}')
      await eventually(() => collector.held.length === round + 1)
    }
    await eventually(() => ledger.dropped.repointed === 11)
    expect(ledger.queued).toBe(9)
    expect(collector.batches.map(batch => batch.path)).toEqual(
      Array.from({ length: 20 }, (_, round) => `/${round}`),
    )
  })

  it('has no longer than the sidecar when that stops', async () => {
    const collector = await silentCollector()
    const { ledger, recorder } = recorderWith()
    recorder.repoint(tracingTo(collector.port))
    recorder.record('{}')
    recorder.repoint(tracingTo(9))
    const began = performance.now()
    await recorder.close(20)
    expect(performance.now() - began).toBeLessThan(4000)
    expect(ledger.dropped).toMatchObject({ repointed: 1, stopped: 0 })
  })
})

describe('the books', () => {
  type Step = 'record' | 'turn' | 'off' | 'good' | 'bad' | 'slow' | 'nobody'
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant<Step>('record') },
      { weight: 2, arbitrary: fc.constant<Step>('turn') },
      { weight: 2, arbitrary: fc.constantFrom<Step>('off', 'good', 'bad', 'slow', 'nobody') },
    ),
    { maxLength: 60 },
  )

  it('balance after every step, wherever tracing is led, and no span is written twice', async () => {
    const good = closing(await startCollector())
    const bad = closing(await startCollector())
    bad.answer = response => void response.writeHead(400).end()
    const slow = closing(await startCollector())
    slow.answer = response => void setTimeout(() => response.writeHead(202).end(), 3)
    const places = { good: good.port, bad: bad.port, slow: slow.port, nobody: 9 }
    let made = 0

    const run = async (script: readonly Step[]): Promise<void> => {
      const { ledger, recorder } = recorderWith({
        sealAfterMillis: 1,
        largestBatchBytes: 60,
        mostQueuedBytes: 400,
      })
      const before = made
      const arrived = good.spans.length + slow.spans.length
      for (const step of script) {
        if (step === 'record') recorder.record(`{"name":"${made++}"}`)
        else if (step === 'turn') await new Promise(resolve => setTimeout(resolve, 1))
        else recorder.repoint(step === 'off' ? undefined : tracingTo(places[step]))
        expect(balances(ledger)).toBe(true)
      }
      await recorder.close(1000)
      expect(ledger).toMatchObject({ recorded: made - before, queued: 0 })
      expect(balances(ledger)).toBe(true)
      expect(good.spans.length + slow.spans.length - arrived).toBe(ledger.acknowledged)
    }

    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 40 })
    const names = [...good.spans, ...slow.spans].map(span => span.name)
    expect(new Set(names).size).toBe(names.length)
  })
})
