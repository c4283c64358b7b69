import { describe, expect, it } from 'vitest'
import { parseSpanId, parseTraceId } from '../model/ids.ts'
import { createIdSource } from './random-ids.ts'

describe('random ids', () => {
  it('are canonical and unlike', () => {
    const ids = createIdSource()
    const seen = new Set<string>()
    for (let i = 0; i < 10_000; i++) {
      const trace = ids.traceId()
      const span = ids.spanId()
      expect(parseTraceId(trace)).toBe(trace)
      expect(parseSpanId(span)).toBe(span)
      seen.add(trace).add(span)
    }
    expect(seen.size).toBe(20_000)
  })

  it('include UUIDs of version 4', () => {
    const ids = createIdSource()
    for (let i = 0; i < 1000; i++) {
      expect(ids.requestId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('use every bit about equally often', () => {
    const ids = createIdSource(new Uint32Array([1, 2, 3, 4]))
    const ones = new Array<number>(64).fill(0)
    const rounds = 20_000
    for (let i = 0; i < rounds; i++) {
      const bits = BigInt(`0x${ids.spanId()}`)
      for (let bit = 0; bit < 64; bit++) if ((bits >> BigInt(bit)) & 1n) ones[bit] = (ones[bit] ?? 0) + 1
    }
    for (const count of ones) expect(Math.abs(count / rounds - 0.5)).toBeLessThan(0.02)
  })

  it('survive a seed of zeros', () => {
    const ids = createIdSource(new Uint32Array(4))
    expect(parseTraceId(ids.traceId())).toBeDefined()
  })
})
