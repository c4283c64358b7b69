import type { KubeClient } from '../kube/client.ts'
import { compilePolicies } from '../mesh/policy/mesh-policies.ts'
import type { ConfigAnswer } from '../model/sidecar-config.ts'
import { type Clock, createClock } from '../runtime/clock.ts'
import { type HttpServer, type ListenAddress, startHttpServer } from '../runtime/http-server.ts'
import type { Logger } from '../runtime/logger.ts'
import { createMetrics, type Metrics } from '../runtime/metrics.ts'
import { type ConfigStreams, createConfigStreams } from './config-streams.ts'
import { type ControlLimits, DEFAULT_CONTROL_LIMITS } from './control-limits.ts'
import { createFleetBook, type Fleet, type FleetBook } from './fleet.ts'
import { createMeshConfigKeeper } from './mesh-config-keeper.ts'
import { statusToWrite } from './mesh-config-status.ts'
import { createMeshView, type MeshView } from './mesh-view.ts'
import { createPolicyStatusWriter, type PolicyStatusWriter } from './policy-status.ts'
import { createRollout, type Rollout } from './rollout.ts'
import { controlRoutes } from './routes.ts'
import { createStatusWriter, type StatusWriter } from './status-writer.ts'

export interface ControlPlaneOptions {
  readonly client: KubeClient
  readonly listen: ListenAddress
  readonly meshName: string
  readonly meshNamespace: string
  /** Of the program, for `GET /version`. */
  readonly version?: string
  readonly logger: Logger
  readonly metrics?: Metrics
  readonly clock?: Clock
  readonly limits?: Partial<ControlLimits>
}

export interface ControlPlane {
  /** What sidecars are given as CONTROL_PLANE_URL. */
  readonly url: string
  fleet(): Fleet
  /** Sidecars keep what they have. */
  stop(): Promise<void>
}

/**
 * Watches the API, compiles a SidecarConfig for each sidecar that listens, and sends it where its content
 * changed. Resolves when everything was listed once and the server listens.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const limits = { ...DEFAULT_CONTROL_LIMITS, ...options.limits }
  const parts = assemble(options, limits)
  try {
    await parts.view.synced
    parts.refresh()
    const server = await startHttpServer({
      listen: options.listen,
      logger: options.logger,
      routes: parts.routes,
    })
    const heartbeat = setInterval(parts.streams.beat, limits.heartbeatMillis)
    let stopped: Promise<void> | undefined
    return {
      url: server.url,
      fleet: parts.fleet,
      stop() {
        clearInterval(heartbeat)
        stopped ??= stop(parts, server)
        return stopped
      },
    }
  } catch (error) {
    await stop(parts)
    throw error
  }
}

interface Parts {
  readonly view: MeshView
  readonly streams: ConfigStreams
  readonly rollout: Rollout
  readonly statusWriter: StatusWriter
  readonly policyStatus: PolicyStatusWriter
  readonly routes: ReturnType<typeof controlRoutes>
  readonly fleet: () => Fleet
  /** Takes the MeshConfig as it is now. */
  readonly refresh: () => void
}

function assemble(options: ControlPlaneOptions, limits: ControlLimits): Parts {
  const {
    client,
    logger,
    meshName,
    meshNamespace,
    metrics = createMetrics(),
    clock = createClock(),
  } = options
  const book = createFleetBook()
  const statusWriter = createStatusWriter(client, logger)
  const keeper = createMeshConfigKeeper({
    logger,
    taken(object, state) {
      const status = statusToWrite(object, state, clock.now() / 1000)
      if (status !== undefined) statusWriter.write(object, status)
    },
  })
  const view = createMeshView({ client, meshNamespace, logger, changed: () => rollout.changed() })
  const streams = createConfigStreams({
    limits,
    metrics,
    closed: podUid => (view.hasPod(podUid) ? book.disconnected(podUid) : book.forget(podUid)),
  })
  const policyStatus = createPolicyStatusWriter(client, logger)
  let listed = false
  // Before that, a Service that a policy names may seem not to be there.
  void view.synced.then(() => {
    listed = true
  })
  const refresh = (): void => {
    keeper.take(view.meshConfig)
    if (listed) policyStatus.write(compilePolicies(view.objects()).verdicts)
  }
  const rollout: Rollout = createRollout({
    gatherMillis: limits.gatherMillis,
    monotonicMillis: () => clock.monotonic() / 1000,
    logger,
    failures: metrics.counter(
      'kiseki_control_compile_failures_total',
      'SidecarConfigs that were not compiled.',
    ),
    podUids: () => streams.podUids,
    refresh,
    snapshot() {
      refresh()
      return { meshName, meshNamespace, meshConfig: keeper.config, ...view.objects() }
    },
    offer(podUid, config) {
      book.wanted(podUid, config)
      streams.offer(podUid, config)
    },
    done: () => book.prune(view.hasPod),
  })
  const fleet = (): Fleet => ({ meshConfig: keeper.state, sidecars: book.list() })
  const routes = controlRoutes({
    listen: (podUid, gone) => listenFor(podUid, gone, { book, streams, rollout }),
    answer: createAnswerTaker(book, metrics, logger),
    fleet,
    version: options.version ?? '',
    printMetrics: metrics.print,
  })
  return { view, streams, rollout, statusWriter, policyStatus, routes, fleet, refresh }
}

function listenFor(
  podUid: string,
  gone: AbortSignal,
  { book, streams, rollout }: { book: FleetBook; streams: ConfigStreams; rollout: Rollout },
): ReturnType<ConfigStreams['open']> {
  const stream = streams.open(podUid, gone)
  if (stream === 'full') return stream
  book.connected(podUid)
  rollout.offerTo(podUid)
  return stream
}

function createAnswerTaker(book: FleetBook, metrics: Metrics, logger: Logger) {
  return (podUid: string, answer: ConfigAnswer): 'taken' | 'unknown' => {
    const { status, revision } = answer
    metrics.counter('kiseki_control_answers_total', 'Answers to SidecarConfigs.', { status }).add()
    if (status === 'refused')
      logger.warn('a sidecar refused its configuration', { podUid, revision, reason: answer.reason })
    return book.answered(podUid, answer)
  }
}

async function stop(parts: Parts, server?: HttpServer): Promise<void> {
  parts.streams.endAll()
  await parts.rollout.stop()
  await server?.close()
  await Promise.all([parts.view.close(), parts.statusWriter.close(), parts.policyStatus.close()])
}
