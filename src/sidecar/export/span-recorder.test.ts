import { describe, expect, it } from 'vitest'
import type { TracingConfig } from '../../model/sidecar-config.ts'
import { createClock } from '../../runtime/clock.ts'
import { createLogger } from '../../runtime/logger.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startCollector } from '../testing/fake-collector.ts'
import { eventually } from '../testing/rig.ts'
import { createSpanLedger } from './span-ledger.ts'
import { createSpanRecorder, type SpanRecorder, type SpanRecorderOptions } from './span-recorder.ts'

const closing = closedAfterEach()

const tracingTo = (port: number): TracingConfig => ({
  address: '127.0.0.1',
  port,
  endpoint: '/api/v2/spans',
  sampledFraction: 1,
  spanName: 'path',
  responseHeaders: true,
  headerTags: [],
  queryStrings: 'keep',
  resolved: [],
})

/** A port on which nobody listens. */
const NOBODY = 9

function recorderWith(options: Partial<SpanRecorderOptions> = {}) {
  const ledger = createSpanLedger(createMetrics())
  const recorder: SpanRecorder = createSpanRecorder({
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

describe('the recorder', () => {
  it('seals a batch before it grows beyond its limit', async () => {
    const collector = closing(await startCollector())
    const { ledger, recorder } = recorderWith({ largestBatchBytes: 1000 })
    recorder.repoint(tracingTo(collector.port))
    for (let count = 0; count < 50; count++) recorder.record(`{"tags":{"a":"${'x'.repeat(150)}"}}`)
    await eventually(() => ledger.acknowledged === 50)
    const sizes = collector.batches.map(batch => Buffer.byteLength(batch.text))
    expect(sizes.length).toBeGreaterThan(5)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(collector.spans).toHaveLength(50)
  })

  it('sends a span alone that is larger than a batch may be', async () => {
    const collector = closing(await startCollector())
    const { ledger, recorder } = recorderWith({ largestBatchBytes: 100 })
    recorder.repoint(tracingTo(collector.port))
    for (const size of [1, 500, 1]) recorder.record(`{"tags":{"a":"${'x'.repeat(size)}"}}`)
    await eventually(() => ledger.acknowledged === 3)
    expect(collector.batches).toHaveLength(3)
  })

  it('drops what is over its bound, with a reason', async () => {
    const { ledger, recorder } = recorderWith({ mostQueuedBytes: 1000 })
    recorder.repoint(tracingTo(NOBODY))
    for (let count = 0; count < 100; count++) recorder.record(`{"a":"${'x'.repeat(93)}"}`)
    expect(ledger).toMatchObject({ recorded: 100, queued: 9 })
    expect(ledger.dropped['queue-full']).toBe(91)
  })

  it('drops what nobody takes for too long, with a reason', async () => {
    const collector = closing(await startCollector())
    collector.answer = response => void response.writeHead(503).end()
    for (const [port, reason] of [
      [NOBODY, 'unreachable'],
      [collector.port, 'unavailable'],
    ] as const) {
      const { ledger, recorder } = recorderWith({ retryForMillis: 50 })
      recorder.repoint(tracingTo(port))
      recorder.record('{}')
      await eventually(() => ledger.dropped[reason] === 1)
      expect(ledger).toMatchObject({ recorded: 1, acknowledged: 0, queued: 0 })
    }
  })

  it('lets the old collector have what was for it, for some time only', async () => {
    const { ledger, recorder } = recorderWith({ oldExporterMillis: 30 })
    recorder.repoint(tracingTo(NOBODY))
    recorder.record('{}')
    recorder.repoint(undefined)
    expect(ledger.queued).toBe(1)
    await eventually(() => ledger.dropped.disabled === 1)
    recorder.repoint(tracingTo(NOBODY))
    recorder.record('{}')
    recorder.repoint(tracingTo(NOBODY + 1))
    await eventually(() => ledger.dropped.repointed === 1)
    expect(ledger).toMatchObject({ recorded: 2, queued: 0 })
  })
})
