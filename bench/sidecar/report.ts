import type { Memory } from './accounting.ts'
import { addedMicros, cpuMicros, type Measured, type Round, ratio } from './rounds.ts'
import type { Scenario } from './scenarios.ts'
import { middleOf } from './statistics.ts'
import { type SubjectName, TITLES } from './subjects.ts'
import { spread, table } from './table.ts'

/** A subject that does not speak what the scenario asks for. */
export interface Absent {
  readonly title: string
  readonly reason: string
}

/** One scenario as a table, with those that cannot take part. */
export function scenarioTable(
  scenario: Scenario,
  measured: readonly Measured[],
  absent: readonly Absent[],
): string {
  const columns = [...COMMON, ...(scenario.kind === 'rate' ? RATE : SPEED)]
  const head = ['', ...columns.map(column => column.title(scenario))]
  const lines = measured.map(one => [
    TITLES[one.subject.name],
    ...columns.map(column => column.cell(one, { scenario, measured })),
  ])
  const notes = absent.map(({ title, reason }) => [title, reason, ...columns.slice(1).map(() => '')])
  return `### ${scenario.title}\n\n${table(head, [...lines, ...notes])}\n`
}

export function idleTable(idle: ReadonlyMap<SubjectName, Memory>): string {
  const lines = [...idle].map(([name, { anonymousMegabytes, residentMegabytes }]) => [
    TITLES[name],
    anonymousMegabytes.toFixed(1),
    residentMegabytes.toFixed(1),
  ])
  return `### Memory, idle\n\n${table(['', 'anonymous MB', 'RSS MB'], lines)}\n`
}

interface Context {
  readonly scenario: Scenario
  readonly measured: readonly Measured[]
}

interface Column {
  title(scenario: Scenario): string
  cell(one: Measured, context: Context): string
}

const NOTHING = '–'

const COMMON: readonly Column[] = [
  {
    title: () => 'CPU µs/request',
    cell: one => (isDirect(one) ? NOTHING : spread(middleOf(one.rounds.map(cpuMicros)), 1)),
  },
  {
    title: () => 'user + system',
    cell: one =>
      isDirect(one)
        ? NOTHING
        : `${median(one, round => round.userMicros).toFixed(1)} + ${median(one, round => round.systemMicros).toFixed(1)}`,
  },
  {
    title: ({ peer }) => `× ${peer}`,
    cell(one, { scenario, measured }) {
      const peer = measured.find(({ subject }) => subject.name === scenario.peer)
      return isDirect(one) || peer === undefined ? NOTHING : spread(ratio(one, peer), 2)
    },
  },
  {
    title: () => 'anonymous (RSS) MB at peak',
    cell: one =>
      isDirect(one)
        ? NOTHING
        : `${highest(one, 'anonymousMegabytes')} (${highest(one, 'residentMegabytes')})`,
  },
]

const SPEED: readonly Column[] = [
  {
    title: () => 'requests/s',
    cell: one => Math.round(median(one, round => round.perSecond)).toLocaleString('en'),
  },
  {
    title: ({ kind }) => (kind === 'h1' ? 'p50 / p99 ms' : ''),
    cell: one =>
      one.rounds.every(round => round.micros === undefined)
        ? ''
        : `${millis(one, 'p50')} / ${millis(one, 'p99')}`,
  },
]

const RATE: readonly Column[] = [
  {
    title: () => 'p50 / p99 / p99.9 ms',
    cell: one => `${millis(one, 'p50')} / ${millis(one, 'p99')} / ${millis(one, 'p999')}`,
  },
  {
    title: () => 'added to direct: p50 µs',
    cell: (one, { measured }) => added(one, measured, 'p50'),
  },
  { title: () => 'p99 µs', cell: (one, { measured }) => added(one, measured, 'p99') },
  {
    title: () => '× added p99 of nginx',
    cell(one, { measured }) {
      const own = addedMicros(one, measured, 'p99')?.median
      const peer = measured.find(({ subject }) => subject.name === 'nginx')
      const theirs = peer && addedMicros(peer, measured, 'p99')?.median
      return own === undefined || theirs === undefined || theirs <= 0 ? NOTHING : (own / theirs).toFixed(2)
    },
  },
]

function isDirect({ subject }: Measured): boolean {
  return subject.name === 'direct'
}

function median(one: Measured, of: (round: Round) => number): number {
  return middleOf(one.rounds.map(of)).median
}

function millis(one: Measured, at: 'p50' | 'p99' | 'p999'): string {
  return (median(one, round => round.micros?.[at] ?? Number.NaN) / 1000).toFixed(2)
}

function highest(one: Measured, of: 'anonymousMegabytes' | 'residentMegabytes'): string {
  return Math.max(...one.rounds.map(round => round.peak[of])).toFixed(1)
}

function added(one: Measured, measured: readonly Measured[], at: 'p50' | 'p99'): string {
  const middle = addedMicros(one, measured, at)
  return middle === undefined ? NOTHING : spread(middle, 0)
}
