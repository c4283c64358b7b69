import type { Container, Probe } from '../../model/kubernetes-pod.ts'
import { askProbe, isAskable, type ProbedContainer } from './probe.ts'
import { keepProbing } from './probing.ts'

export interface ContainerProbesOptions {
  readonly container: Container
  readonly probed: ProbedContainer
  readonly eagerMillis: number
  /** Aborts when the container's process has ended. */
  readonly signal: AbortSignal
  /** Once. */
  readonly started: () => void
  /** At each change. */
  readonly ready: (ready: boolean) => void
  readonly notAlive: (kind: 'startup' | 'liveness') => void
  readonly unhealthy: (message: string) => void
}

/** The probes of a running container: the startup probe first, then readiness and liveness. What is absent succeeds. */
export function startProbes(options: ContainerProbesOptions): void {
  const { container, started } = options
  const { startupProbe } = container
  let isStarted = false

  const begin = () => {
    if (isStarted) return
    isStarted = true
    started()
    probeReadiness(options)
    probeLiveness(options)
  }
  if (startupProbe === undefined) {
    begin()
    return
  }
  const startup = new AbortController()
  const signal = AbortSignal.any([options.signal, startup.signal])
  keep({ ...options, signal }, 'Startup', startupProbe, {
    succeeded() {
      startup.abort()
      begin()
    },
    failed: () => options.notAlive('startup'),
  })
}

function probeReadiness(options: ContainerProbesOptions): void {
  const { readinessProbe } = options.container
  if (readinessProbe === undefined) {
    options.ready(true)
    return
  }
  let isReady = false
  const change = (ready: boolean) => {
    if (ready === isReady) return
    isReady = ready
    options.ready(ready)
  }
  keep(options, 'Readiness', readinessProbe, { succeeded: () => change(true), failed: () => change(false) })
}

function probeLiveness(options: ContainerProbesOptions): void {
  const { livenessProbe } = options.container
  if (livenessProbe === undefined) return
  keep(options, 'Liveness', livenessProbe, {
    succeeded: () => undefined,
    failed: () => options.notAlive('liveness'),
  })
}

function keep(
  options: ContainerProbesOptions,
  kind: string,
  probe: Probe,
  outcome: { readonly succeeded: () => void; readonly failed: () => void },
): void {
  const { probed, eagerMillis, signal } = options
  if (!isAskable(probe)) {
    options.unhealthy(`${kind} probe is taken as passed: only httpGet, tcpSocket and exec can be asked here`)
    outcome.succeeded()
    return
  }
  void keepProbing({
    probe,
    ask: () => askProbe({ probe, ...probed }),
    ...outcome,
    unhealthy: problem => options.unhealthy(`${kind} probe failed: ${problem}`),
    eagerMillis,
    signal,
  })
}
