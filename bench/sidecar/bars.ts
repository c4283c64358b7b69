import type { Memory } from './accounting.ts'
import { addedMicros, type Measured, ratio } from './rounds.ts'
import { BUSY, CALM, type Rate, type Scenario } from './scenarios.ts'
import type { SubjectName } from './subjects.ts'
import { table } from './table.ts'

/** What we want to keep below. */
interface Bar {
  readonly name: string
  readonly unit: string
  readonly must: number
  readonly goal: number
  /** Undefined: not measured. */
  value(results: Results): number | undefined
}

export interface Results {
  readonly scenarios: readonly ScenarioResult[]
  readonly idle: ReadonlyMap<SubjectName, Memory>
}

export interface ScenarioResult {
  readonly scenario: Scenario
  readonly measured: readonly Measured[]
}

const BARS: readonly Bar[] = [
  {
    name: 'CPU, HTTP/1.1 untraced, against nginx',
    ...{ unit: '×', must: 1.3, goal: 1.05 },
    value: results => cpuRatio(busiest(results), 'off', 'nginx'),
  },
  {
    name: 'CPU, HTTP/1.1 traced at 100 %, against nginx untraced',
    ...{ unit: '×', must: 1.7, goal: 1.4 },
    value: results => cpuRatio(busiest(results), '100', 'nginx'),
  },
  {
    name: 'the same, at a rate that is the same for both',
    ...{ unit: '×', must: 1.7, goal: 1.4 },
    value: results => cpuRatio(paced(results, BUSY), '100', 'nginx'),
  },
  {
    name: 'CPU, HTTP/2 untraced, against haproxy',
    ...{ unit: '×', must: 1.3, goal: 1.0 },
    value: ({ scenarios }) =>
      cpuRatio(
        scenarios.find(({ scenario }) => scenario.kind === 'h2' && scenario.connections > 1),
        'off',
        'haproxy',
      ),
  },
  {
    name: 'p99 added at a fixed rate, untraced, against nginx’s',
    ...{ unit: '×', must: 2, goal: 1.3 },
    value: results => addedRatio(results, 'off'),
  },
  {
    name: 'p99 added at a fixed rate, traced at 100 %, against nginx’s',
    ...{ unit: '×', must: 2, goal: 1.3 },
    value: results => addedRatio(results, '100'),
  },
  {
    name: 'anonymous memory, idle',
    ...{ unit: 'MB', must: 25, goal: 18 },
    value: ({ idle }) => idle.get('100')?.anonymousMegabytes,
  },
  {
    name: 'anonymous memory, loaded and traced at 100 %',
    ...{ unit: 'MB', must: 80, goal: 55 },
    value: results => peak(busiest(results), '100'),
  },
]

export function barTable(results: Results): string {
  const lines = BARS.map(bar => {
    const value = bar.value(results)
    if (value === undefined) return [bar.name, 'not measured', `≤ ${bar.must}`, `≤ ${bar.goal}`]
    return [bar.name, `${value.toFixed(2)} ${bar.unit}`, verdict(value, bar.must), verdict(value, bar.goal)]
  })
  return `### Bars\n\n${table(['', 'measured', 'must', 'goal'], lines)}\n`
}

function verdict(value: number, limit: number): string {
  if (value <= limit) return `≤ ${limit}: met`
  return `≤ ${limit}: missed by ${((value / limit - 1) * 100).toFixed(0)} %`
}

/** The bars of HTTP/1.1 speak of 64 connections and 1 KB. */
function busiest({ scenarios }: Results): ScenarioResult | undefined {
  return scenarios.find(
    ({ scenario: { kind, connections, size } }) => kind === 'h1' && connections === 64 && size.name === '1k',
  )
}

function paced({ scenarios }: Results, { perSecond }: Rate): ScenarioResult | undefined {
  return scenarios.find(({ scenario }) => scenario.perSecond === perSecond)
}

function find(result: ScenarioResult | undefined, name: SubjectName): Measured | undefined {
  return result?.measured.find(({ subject }) => subject.name === name)
}

function cpuRatio(
  result: ScenarioResult | undefined,
  name: SubjectName,
  against: SubjectName,
): number | undefined {
  const own = find(result, name)
  const theirs = find(result, against)
  return own && theirs && ratio(own, theirs).median
}

function addedRatio(results: Results, name: SubjectName): number | undefined {
  const result = paced(results, CALM)
  const added = (subject: SubjectName): number | undefined => {
    const one = find(result, subject)
    return one && result && addedMicros(one, result.measured, 'p99')?.median
  }
  const own = added(name)
  const theirs = added('nginx')
  // Below nothing: other load has hidden it.
  return own === undefined || theirs === undefined || theirs <= 0 ? undefined : own / theirs
}

function peak(result: ScenarioResult | undefined, name: SubjectName): number | undefined {
  const one = find(result, name)
  return one && Math.max(...one.rounds.map(round => round.peak.anonymousMegabytes))
}
