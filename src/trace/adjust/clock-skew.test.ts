import { describe, expect, it } from 'vitest'
import type { Micros } from '../../model/micros.ts'
import type { Resource } from '../../model/span.ts'
import { makeSpan, type SpanSketch, TRACE_ID } from '../testdata/make-span.ts'
import { unadjusted } from './adjust.ts'
import { correctClockSkew } from './clock-skew.ts'

const SECOND = 1_000_000

const on = (host: string): Resource => ({ service: 's', attributes: [{ key: 'host.ip', value: [host] }] })

interface Outcome {
  readonly starts: readonly number[]
  readonly events: readonly number[]
  readonly warnings: readonly (readonly string[])[]
}

/** Times of the sketches are milliseconds, and so are those of the outcome. */
function adjust(max: number, ...sketches: readonly SpanSketch[]): Outcome {
  const spans = sketches.map(sketch =>
    makeSpan({ ...sketch, start: (sketch.start ?? 0) * 1000, duration: (sketch.duration ?? 0) * 1000 }),
  )
  const adjusted = correctClockSkew(max as Micros)(unadjusted({ traceId: TRACE_ID, spans }))
  return {
    starts: adjusted.spans.map(({ start }) => start / 1000),
    events: adjusted.spans.flatMap(({ events }) => events.map(({ time }) => time / 1000)),
    warnings: adjusted.spans.map(span => adjusted.warnings.get(span) ?? []),
  }
}

const parent: SpanSketch = { id: 1, start: 10, duration: 100, resource: on('a') }
const child: SpanSketch = { id: 2, parent: 1, start: 1, duration: 50, resource: on('b') }

describe('clocks that differ', () => {
  it('move a shorter child to the middle of its parent, with its events', () => {
    const events = [{ time: 6_000 as Micros, name: 'e', attributes: [] }]
    expect(adjust(SECOND, parent, { ...child, events })).toEqual({
      starts: [10, 35],
      events: [40],
      warnings: [[], ["This span's timestamps were adjusted by 34ms"]],
    })
  })

  it('move a longer child to the start of its parent, if it began before', () => {
    expect(adjust(SECOND, parent, { ...child, duration: 150 }).starts).toEqual([10, 10])
    expect(adjust(SECOND, parent, { ...child, start: 20, duration: 150 }).starts).toEqual([10, 20])
  })

  it('leave a child alone that is inside its parent', () => {
    const outcome = adjust(SECOND, parent, { ...child, start: 20 })
    expect(outcome).toEqual({ starts: [10, 20], events: [], warnings: [[], []] })
  })

  it('move what is below on the same machine by as much', () => {
    const { starts, warnings } = adjust(
      SECOND,
      parent,
      { id: 2, parent: 1, start: 50, duration: 70, resource: on('b') },
      { id: 3, parent: 2, start: 60, duration: 20, resource: on('b') },
    )
    expect(starts).toEqual([10, 25, 35])
    expect(warnings[2]).toEqual(["This span's timestamps were adjusted by -25ms"])
  })

  it('compare what is below on a third machine with the moved parent', () => {
    const { starts } = adjust(SECOND, parent, child, { ...child, id: 3, parent: 2, start: 36, duration: 5 })
    expect(starts).toEqual([10, 35, 70])
  })

  it('are told, not corrected, beyond the maximum', () => {
    const { starts, warnings } = adjust(10_000, parent, child)
    expect(starts).toEqual([10, 1])
    expect(warnings[1]).toEqual([
      'max clock skew adjustment delta of 10ms exceeded; not applying calculated delta of 34ms',
    ])
  })

  it('are told when correction is off', () => {
    const { starts, warnings } = adjust(0, parent, child)
    expect(starts).toEqual([10, 1])
    expect(warnings[1]).toEqual(['clock skew adjustment disabled; not applying calculated delta of 34ms'])
  })
})

describe('machines', () => {
  const skewed = (parentPart: Partial<SpanSketch>, childPart: Partial<SpanSketch>): boolean =>
    adjust(
      SECOND,
      { id: 1, start: 10, duration: 100, ...parentPart },
      { id: 2, parent: 1, start: 1, duration: 50, ...childPart },
    ).starts[1] !== 1

  const withAttribute = (key: string, value: string): Partial<SpanSketch> => ({
    resource: { service: 's', attributes: [{ key, value }] },
  })

  it.each(['host.id', 'host.ip', 'host.name', 'ip'])('are told apart by %s', key => {
    expect(skewed(withAttribute(key, 'a'), withAttribute(key, 'b'))).toBe(true)
    expect(skewed(withAttribute(key, 'a'), withAttribute(key, 'a'))).toBe(false)
  })

  it('are told apart by the local endpoint', () => {
    expect(skewed({ local: { ipv4: '10.0.0.1' } }, { local: { ipv4: '10.0.0.2' } })).toBe(true)
    expect(skewed({ local: { ipv4: '10.0.0.1' } }, { local: { ipv4: '10.0.0.1' } })).toBe(false)
  })

  it('are one on the loopback, whatever the address', () => {
    expect(skewed({ local: { ipv4: '127.1.0.1' } }, { local: { ipv4: '127.1.0.2' } })).toBe(false)
  })

  it('differ where they are unknown', () => {
    expect(skewed({}, {})).toBe(true)
  })
})

describe('what cannot be compared', () => {
  it('names a parent that is not there', () => {
    expect(adjust(0, { id: 1, parent: 99 }).warnings).toEqual([
      ['parent span ID=0000000000000063 is not in the trace; skipping clock skew adjustment'],
    ])
  })

  it('is the second of two spans with one id', () => {
    expect(adjust(0, { id: 1 }, { id: 1 }).warnings).toEqual([
      [],
      ['duplicate span IDs; skipping clock skew adjustment'],
    ])
  })

  it('is a span without a start', () => {
    expect(adjust(SECOND, { ...parent, start: 0 }, child).warnings).toEqual([[], []])
    expect(adjust(SECOND, parent, { ...child, start: 0 }).warnings).toEqual([[], []])
  })

  it('is a circle of spans', () => {
    const outcome = adjust(SECOND, { ...child, id: 1, parent: 2 }, { ...child, id: 2, parent: 1 })
    expect(outcome.warnings).toEqual([[], []])
  })
})
