import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

describe('metrics', () => {
  it('are printed in the Prometheus text format', () => {
    const metrics = createMetrics()
    metrics.counter('spans_dropped_total', 'Spans dropped.', { reason: 'queue "full"\n' }).add(3)
    metrics.counter('spans_dropped_total', 'Spans dropped.', { reason: 'queue "full"\n' }).add()
    metrics.counter('spans_recorded_total', 'Spans recorded.')
    metrics.gauge('queue_length', 'Waiting\nnow.', () => 7)
    expect(metrics.print()).toBe(
      [
        '# HELP spans_dropped_total Spans dropped.',
        '# TYPE spans_dropped_total counter',
        'spans_dropped_total{reason="queue \\"full\\"\\n"} 4',
        '# HELP spans_recorded_total Spans recorded.',
        '# TYPE spans_recorded_total counter',
        'spans_recorded_total 0',
        '# HELP queue_length Waiting\\nnow.',
        '# TYPE queue_length gauge',
        'queue_length 7',
        '',
      ].join('\n'),
    )
  })

  it('print several values of a gauge, and values that are no numbers', () => {
    const metrics = createMetrics()
    metrics.gauge('load', 'Load.', () => [
      { labels: { cpu: '0' }, value: Number.NaN },
      { labels: { cpu: '1' }, value: Number.POSITIVE_INFINITY },
    ])
    expect(metrics.print()).toContain('load{cpu="0"} NaN\nload{cpu="1"} +Inf\n')
  })
})
