import { cpuTimeOf, type Memory, MemoryPeak } from './accounting.ts'
import type { Ground } from './ground.ts'
import type { Load } from './load.ts'
import type { Scenario } from './scenarios.ts'
import { type Middle, middleOf } from './statistics.ts'
import type { Subject } from './subjects.ts'

/** One subject under one load, once. */
export interface Round extends Load {
  /** A request; 0 for the direct way. */
  readonly userMicros: number
  readonly systemMicros: number
  readonly peak: Memory
}

export interface Measured {
  readonly subject: Subject
  readonly rounds: readonly Round[]
}

export interface RoundsOptions {
  readonly seconds: number
  /** Besides the first, which warms up and does not count. */
  readonly rounds: number
}

/** All subjects in turn, again and again, so that what else the machine does hits all alike. */
export async function measure(
  ground: Ground,
  scenario: Scenario,
  subjects: readonly Subject[],
  { seconds, rounds }: RoundsOptions,
): Promise<readonly Measured[]> {
  const results = new Map<Subject, Round[]>(subjects.map(subject => [subject, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [subject, measured] of results) {
      const one = await measureOnce(ground, scenario, subject, seconds)
      if (round > 0) measured.push(one)
    }
  }
  return [...results].map(([subject, measured]) => ({ subject, rounds: measured }))
}

async function measureOnce(
  ground: Ground,
  scenario: Scenario,
  subject: Subject,
  seconds: number,
): Promise<Round> {
  const pids = subject.pids()
  const before = cpuTimeOf(pids)
  const memory = new MemoryPeak(pids)
  try {
    const load = await scenario.run(ground, subject, seconds)
    const after = cpuTimeOf(pids)
    const micros = (from: number, to: number): number => ((to - from) * 1e6) / load.requests
    return {
      ...load,
      userMicros: micros(before.userSeconds, after.userSeconds),
      systemMicros: micros(before.systemSeconds, after.systemSeconds),
      peak: memory.peak(),
    }
  } finally {
    memory.stop()
  }
}

export function cpuMicros({ userMicros, systemMicros }: Round): number {
  return userMicros + systemMicros
}

/** CPU time against another's in the same round: what disturbed both falls out. */
export function ratio(one: Measured, other: Measured): Middle {
  return middleOf(paired(one, other, (own, theirs) => cpuMicros(own) / cpuMicros(theirs)))
}

/** Latency beyond that of the direct way in the same round; undefined for the direct way, or without it. */
export function addedMicros(
  one: Measured,
  measured: readonly Measured[],
  at: 'p50' | 'p99',
): Middle | undefined {
  const direct = measured.find(({ subject }) => subject.name === 'direct')
  if (direct === undefined || direct === one) return undefined
  const of = ({ micros }: Round): number => micros?.[at] ?? Number.NaN
  return middleOf(paired(one, direct, (own, without) => of(own) - of(without)))
}

function paired(
  one: Measured,
  other: Measured,
  compare: (own: Round, theirs: Round) => number,
): readonly number[] {
  return one.rounds.flatMap((round, at) => {
    const theirs = other.rounds[at]
    return theirs === undefined ? [] : [compare(round, theirs)]
  })
}
