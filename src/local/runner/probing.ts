import { setTimeout as sleep } from 'node:timers/promises'
import type { Probe } from '../../model/kubernetes-pod.ts'

export interface ProbingOptions {
  readonly probe: Probe
  /** Undefined when all is well, else what is not. */
  readonly ask: () => Promise<string | undefined>
  /** As often in a row as the probe wants it. Called at each success from then on. */
  readonly succeeded: () => void
  /** As often in a row as the probe bears it. */
  readonly failed: () => void
  /** Each time that counts. */
  readonly unhealthy: (problem: string) => void
  /** Between two tries before the first success, if that is less than the period. */
  readonly eagerMillis: number
  readonly signal: AbortSignal
  readonly timers?: ProbeTimers
}

export interface ProbeTimers {
  /** Milliseconds; only differences mean anything. */
  now(): number
  /** Also ends when the signal aborts. */
  sleep(millis: number, signal: AbortSignal): Promise<void>
}

const SYSTEM_TIMERS: ProbeTimers = {
  now: () => performance.now(),
  sleep: (millis, signal) => sleep(millis, undefined, { signal }).catch(() => undefined),
}

const DEFAULT_PERIOD_SECONDS = 10
const DEFAULT_FAILURES = 3

/**
 * Asks again and again until the signal aborts. Until it first succeeds it asks more often than its period, so that
 * nobody waits for what is ready; failures count once a period all the same. Never rejects.
 */
export async function keepProbing(options: ProbingOptions): Promise<void> {
  const { probe, signal, eagerMillis, timers = SYSTEM_TIMERS } = options
  const { successThreshold = 1, failureThreshold = DEFAULT_FAILURES } = probe
  const periodMillis = (probe.periodSeconds ?? DEFAULT_PERIOD_SECONDS) * 1000
  let successes = 0
  let failures = 0
  let everSucceeded = false
  const initialMillis = (probe.initialDelaySeconds ?? 0) * 1000
  let nextCounted = timers.now() + initialMillis + periodMillis

  function fail(problem: string): void {
    successes = 0
    if (!everSucceeded && timers.now() < nextCounted) return
    nextCounted += periodMillis
    options.unhealthy(problem)
    if (++failures < failureThreshold) return
    failures = 0
    options.failed()
  }

  function succeed(): void {
    everSucceeded = true
    failures = 0
    if (++successes >= successThreshold) options.succeeded()
  }

  let wait = initialMillis
  for (;;) {
    await timers.sleep(wait, signal)
    if (signal.aborted) return
    const problem = await options.ask()
    if (signal.aborted) return
    if (problem === undefined) succeed()
    else fail(problem)
    wait = everSucceeded ? periodMillis : Math.min(eagerMillis, periodMillis)
  }
}
