/**
 * Counters and gauges, printed in the Prometheus text format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats).
 */
export interface Counter {
  readonly value: number
  add(amount?: number): void
}

export type Labels = Readonly<Record<string, string>>

export interface Metrics {
  /** The same name and labels give the same counter. Names of counters end with `_total`. */
  counter(name: string, help: string, labels?: Labels): Counter
  /** `read` is called whenever the metrics are printed; it may give several values, told apart by labels. */
  gauge(name: string, help: string, read: () => number | readonly Sample[]): void
  print(): string
}

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

interface Family {
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: () => readonly Sample[]
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export function createMetrics(): Metrics {
  const families = new Map<string, Family>()
  const counters = new Map<string, Map<string, CountedSample>>()

  function counter(name: string, help: string, labels: Labels = {}): Counter {
    let family = counters.get(name)
    if (family === undefined) {
      const created = new Map<string, CountedSample>()
      counters.set(name, created)
      families.set(name, { type: 'counter', help, samples: () => [...created.values()] })
      family = created
    }
    const key = printLabels(labels)
    let sample = family.get(key)
    if (sample === undefined) {
      sample = new CountedSample(labels)
      family.set(key, sample)
    }
    return sample
  }

  function gauge(name: string, help: string, read: () => number | readonly Sample[]): void {
    const samples = (): readonly Sample[] => {
      const now = read()
      return typeof now === 'number' ? [{ labels: {}, value: now }] : now
    }
    families.set(name, { type: 'gauge', help, samples })
  }

  return { counter, gauge, print: () => [...families].map(printFamily).join('') }
}

class CountedSample implements Counter, Sample {
  readonly labels: Labels
  value = 0

  constructor(labels: Labels) {
    this.labels = labels
  }

  add(amount = 1): void {
    this.value += amount
  }
}

function printFamily([name, family]: readonly [string, Family]): string {
  const lines = family
    .samples()
    .map(sample => `${name}${printLabels(sample.labels)} ${printValue(sample.value)}\n`)
  return `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n${lines.join('')}`
}

function printLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function printValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')
