import { type Micros, micros, type TimeRange } from '../model/micros.ts'

/** How far back to look: `5m`, `1h`, `2d`, `3w`; `custom` means a range of its own. */
export type Lookback = `${number}${'m' | 'h' | 'd' | 'w'}` | 'custom'

export const DEFAULT_LOOKBACK: Lookback = '1h'

export const LOOKBACKS: readonly Lookback[] = ['5m', '15m', '30m', '1h', '2h', '3h', '6h', '12h', '24h', '2d']

const UNITS = {
  m: { word: 'minute', micros: 60_000_000 },
  h: { word: 'hour', micros: 3_600_000_000 },
  d: { word: 'day', micros: 86_400_000_000 },
  w: { word: 'week', micros: 604_800_000_000 },
} as const

const FORM = /^([1-9]\d{0,3})([mhdw])$/

/** Undefined where the text is none. */
export function parseLookback(text: string): Lookback | undefined {
  if (text === 'custom') return text
  const parts = partsOf(text)
  return parts && `${parts.count}${parts.unit}`
}

/** `Last hour`, `Last 2 days`; `Custom range`. */
export function lookbackLabel(lookback: Lookback): string {
  const parts = partsOf(lookback)
  if (parts === undefined) return 'Custom range'
  const { word } = UNITS[parts.unit]
  return parts.count === 1 ? `Last ${word}` : `Last ${parts.count} ${word}s`
}

/** The range that ends now; a custom one without ends is as long as the default. */
export function lookbackRange(lookback: Lookback, now: Micros): TimeRange {
  const parts = partsOf(lookback) ?? { count: 1, unit: 'h' }
  return { from: micros(now - parts.count * UNITS[parts.unit].micros), to: now }
}

function partsOf(text: string): { count: number; unit: keyof typeof UNITS } | undefined {
  const [, count, unit] = FORM.exec(text) ?? []
  return count !== undefined && isUnit(unit) ? { count: Number(count), unit } : undefined
}

function isUnit(text: string | undefined): text is keyof typeof UNITS {
  return text !== undefined && text in UNITS
}
