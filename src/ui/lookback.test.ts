import { describe, expect, it } from 'vitest'
import { micros } from '../model/micros.ts'
import { LOOKBACKS, lookbackLabel, lookbackRange, parseLookback } from './lookback.ts'

describe('lookback', () => {
  it('reads what it offers', () => {
    expect(LOOKBACKS.map(parseLookback)).toEqual(LOOKBACKS)
    expect(['', '1', 'h', '0h', '-1h', '1y', '99999h', '1hh'].map(parseLookback)).toEqual(
      Array(8).fill(undefined),
    )
  })

  it('has words', () => {
    expect((['1h', '5m', '2d', '1w', 'custom'] as const).map(lookbackLabel)).toEqual([
      'Last hour',
      'Last 5 minutes',
      'Last 2 days',
      'Last week',
      'Custom range',
    ])
  })

  it('ends now', () => {
    const now = micros(1_700_000_000_000_000)
    expect(lookbackRange('5m', now)).toEqual({ from: now - 300_000_000, to: now })
    expect(lookbackRange('custom', now)).toEqual(lookbackRange('1h', now))
  })
})
