import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from '../../runtime/metrics.ts'
import { createLineSink } from './line-sink.ts'

/** By label: what the sink has counted. */
function countsOf(metrics: Metrics): Readonly<Record<string, number>> {
  const found = metrics.print().matchAll(/^kiseki_sidecar_access_log_(lines|dropped)_total(\S*) (\d+)$/gm)
  return Object.fromEntries([...found].map(([, name, labels, value]) => [`${name}${labels}`, Number(value)]))
}

const SLOW = 'dropped{reason="output-slow"}'
const CLOSED = 'dropped{reason="output-closed"}'

/** Takes what is written when it is told to. */
function slowOutput() {
  const held: (() => void)[] = []
  const taken: string[] = []
  const output = new Writable({
    write(bytes: Buffer, _, done) {
      taken.push(bytes.toString())
      held.push(done)
    },
  })
  return { output, taken, release: () => held.shift()?.() }
}

describe('the sink of lines', () => {
  it('writes all that it took, many lines at once', async () => {
    const metrics = createMetrics()
    const output = new PassThrough()
    const sink = createLineSink({ output, metrics })
    const lines = Array.from({ length: 5000 }, (_, at) => `line ${at} é\n`)
    const read = output.setEncoding('utf8').toArray()
    for (const line of lines) sink.write(line)
    await sink.close(1000)
    output.end()
    const parts = await read
    expect(parts.join('')).toBe(lines.join(''))
    expect(parts.length).toBeLessThan(10)
    expect(countsOf(metrics)).toEqual({ lines: 5000, [SLOW]: 0, [CLOSED]: 0 })
  })

  it('keeps a bounded amount for a slow output; the sum is exact', async () => {
    const metrics = createMetrics()
    const { output, taken, release } = slowOutput()
    const sink = createLineSink({ output, metrics, mostWaiting: 100_000 })
    const line = `${'x'.repeat(99)}\n`
    for (let count = 0; count < 5000; count++) sink.write(line)
    expect(countsOf(metrics)[SLOW]).toBeGreaterThan(3000)
    const closed = sink.close(1000)
    release()
    while (taken.length < 2) await new Promise(resolve => setImmediate(resolve))
    release()
    await closed
    const { lines = 0, [SLOW]: dropped = 0 } = countsOf(metrics)
    expect(taken.join('').length / line.length).toBe(lines)
    expect(lines + dropped).toBe(5000)
  })

  it('gives up at its end what an output does not take', async () => {
    const metrics = createMetrics()
    const sink = createLineSink({ output: slowOutput().output, metrics })
    for (let count = 0; count < 1000; count++) sink.write(`${'x'.repeat(99)}\n`)
    await sink.close(20)
    sink.write('late\n')
    expect(countsOf(metrics)).toEqual({ lines: 0, [SLOW]: 1000, [CLOSED]: 1 })
  })

  it('survives an output that is gone', async () => {
    const metrics = createMetrics()
    const output = new Writable({ write: (_, __, done) => done(new Error('EPIPE')) })
    const sink = createLineSink({ output, metrics })
    for (let count = 0; count < 1000; count++) sink.write(`${'x'.repeat(99)}\n`)
    await sink.close(1000)
    await new Promise(resolve => setImmediate(resolve))
    expect(countsOf(metrics)).toEqual({ lines: 0, [SLOW]: 0, [CLOSED]: 1000 })
  })
})
