import { type BodySize, SMALLEST } from './bodies.ts'
import type { Ground } from './ground.ts'
import { runH2load } from './h2load.ts'
import type { Load, Ways } from './load.ts'
import type { SubjectName } from './subjects.ts'
import { runWrk } from './wrk.ts'

/** A load that all subjects get. */
export interface Scenario {
  readonly title: string
  readonly kind: 'h1' | 'h2' | 'rate'
  readonly connections: number
  /** Requests a second, where it is not as fast as it goes. */
  readonly perSecond?: number
  readonly size: BodySize
  /** Others are held against this one. */
  readonly peer: SubjectName
  /** Why those ways do not lead through; undefined: they do. */
  refusal(ground: Ground, ways: Ways): Promise<string | undefined>
  /** Throws when an answer was not as it should be. */
  run(ground: Ground, ways: Ways, seconds: number): Promise<Load>
}

/** To see whether HTTP/2 leads through. */
export const PROBE_REQUESTS = 10

/** Requests a second, and the connections that share them. */
export interface Rate {
  readonly perSecond: number
  readonly connections: number
}

/** Where nobody waits for anybody: what the latencies of a proxy are. */
export const CALM: Rate = { perSecond: 2000, connections: 8 }
/**
 * As much as all can do: what a request costs when all are asked for the same. As fast as it goes, the load waits longer
 * for the slower, its core sleeps between, and who wakes it pays for that.
 */
export const BUSY: Rate = { perSecond: 20_000, connections: 64 }

export function h1Scenario(connections: number, size: BodySize): Scenario {
  return {
    title: `HTTP/1.1, ${count(connections, 'connection')}, ${size.title}`,
    kind: 'h1',
    connections,
    size,
    peer: 'nginx',
    refusal: (ground, ways) => answersExactly(ground, ways, size),
    run: (ground, { h1 }, seconds) => runWrk(ground, { ...h1, connections, size, seconds }),
  }
}

export function h2Scenario(connections: number, streams: number): Scenario {
  const size = SMALLEST
  return {
    title: `HTTP/2, ${count(connections, 'connection')} of ${count(streams, 'stream')}, ${size.title}`,
    kind: 'h2',
    connections,
    size,
    peer: 'haproxy',
    refusal: refusesH2,
    run: (ground, { h2 }, seconds) =>
      runH2load(ground, { ...h2, protocol: 'h2', connections, streams, size, seconds }),
  }
}

export function rateScenario({ perSecond, connections }: Rate): Scenario {
  const size = SMALLEST
  return {
    title: `HTTP/1.1 at ${perSecond.toLocaleString('en')} requests/s over ${count(connections, 'connection')}, ${size.title}`,
    kind: 'rate',
    connections,
    perSecond,
    size,
    peer: 'nginx',
    refusal: (ground, ways) => answersExactly(ground, ways, size),
    run: (ground, { h1 }, seconds) =>
      runH2load(ground, {
        ...{ ...h1, protocol: 'h1', connections, streams: 1, size },
        ...{ requests: perSecond * seconds, perSecond },
      }),
  }
}

/** wrk counts heads and bodies together; so before it, some hundred answers whose bodies have exactly their length. */
async function answersExactly(ground: Ground, { h1 }: Ways, size: BodySize): Promise<undefined> {
  const few = { connections: 4, streams: 1, requests: 200, size }
  await runH2load(ground, { ...h1, protocol: 'h1', ...few })
}

/** Why HTTP/2 does not lead through; undefined: it does. */
export async function refusesH2(ground: Ground, { h2 }: Ways): Promise<string | undefined> {
  const few = { connections: 1, streams: 1, requests: PROBE_REQUESTS, size: SMALLEST }
  try {
    await runH2load(ground, { ...h2, protocol: 'h2', ...few })
    return undefined
  } catch {
    return 'not there yet: HTTP/2'
  }
}

function count(many: number, noun: string): string {
  return many === 1 ? `1 ${noun}` : `${many} ${noun}s`
}
