import { expect, it } from 'vitest'
import { samplesOf, sumOf } from './metrics-page.ts'

const PAGE = `# HELP spans_total Spans.
spans_total{direction="in",reason="a \\"b\\"} c"} 2
spans_total{direction="out"} 3
spans_total_more 7
spans 1
`

it('sums the samples of a metric, all or those with some labels', () => {
  expect(sumOf(PAGE, 'spans_total')).toBe(5)
  expect(sumOf(PAGE, 'spans_total', { direction: 'in' })).toBe(2)
  expect(sumOf(PAGE, 'spans_total', { direction: 'no' })).toBe(0)
  expect(sumOf(PAGE, 'spans')).toBe(1)
  expect(sumOf('', 'spans')).toBe(0)
})

it('reads labels whatever is in them', () => {
  expect(samplesOf(PAGE, 'spans_total').map(({ labels, value }) => [...labels, value])).toEqual([
    [['direction', 'in'], ['reason', 'a \\"b\\"} c'], 2],
    [['direction', 'out'], 3],
  ])
})
