import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { TracingReport } from '../model/tracing-report.ts'
import { type Clock, createClock } from '../runtime/clock.ts'
import type { Route } from '../runtime/http-exchange.ts'
import { type HttpServer, startHttpServer } from '../runtime/http-server.ts'
import { errorFields, type LogFields, type Logger } from '../runtime/logger.ts'
import { createMetrics, type Metrics } from '../runtime/metrics.ts'
import { createIdSource, type IdSource } from '../runtime/random-ids.ts'
import { createLineSink, type LineSink } from './access-log/line-sink.ts'
import { adminRoutes, metricsRoutes, unknownPage } from './admin/admin-routes.ts'
import { configDump } from './admin/config-dump.ts'
import { tracingReport } from './admin/tracing-report.ts'
import { registerClusterGauges } from './cluster-gauges.ts'
import { type ConfigApplier, createConfigApplier } from './config/config-applier.ts'
import { startConfigFeed } from './config/config-feed.ts'
import { createLastGood, KEEP_NOTHING, type LastGood } from './config/last-good.ts'
import { createSpanLedger, type SpanLedger } from './export/span-ledger.ts'
import { createSpanRecorder, type SpanRecorder } from './export/span-recorder.ts'
import type { SidecarPorts, SidecarSettings } from './settings.ts'
import { createSidecarMetrics, type SidecarMetrics } from './sidecar-metrics.ts'
import { createDecisionMemory } from './tracing/decision-memory.ts'
import { createSpanNames } from './tracing/span-names.ts'
import { createTraffic, type Traffic } from './traffic.ts'

/** What the sidecar stands on; tests bring their own. */
export interface SidecarGround {
  readonly logger: Logger
  readonly clock?: Clock
  readonly ids?: IdSource
  readonly random?: () => number
  /** Takes the access log; absent: standard output. */
  readonly output?: Writable
  /** How often deadlines are looked at. */
  readonly tickMillis?: number
  /** The longest that a recorded span waits for others. */
  readonly sealAfterMillis?: number
  /** Somebody asked over HTTP that the sidecar ends; it goes on until `stop`. */
  readonly onQuit?: () => void
  /** It cannot take traffic, and never will. */
  readonly onFatal?: (error: unknown) => void
}

export interface Sidecar {
  /** Those of the two traffic listeners are 0 until the first configuration is in force. */
  readonly ports: SidecarPorts
  /** Resolves when the first configuration is in force and the listeners are open. */
  readonly ready: Promise<void>
  readonly spans: SpanLedger
  /** Lets exchanges end and spans be sent, within the grace of the settings. Nothing is left open. */
  stop(): Promise<void>
}

const GRACE_MILLIS = 5000
const SPAN_GRACE_MILLIS = 3000
const LINE_GRACE_MILLIS = 500

/** Rejects with a KisekiError where the admin or metrics port cannot be listened on. */
export async function startSidecar(settings: SidecarSettings, ground: SidecarGround): Promise<Sidecar> {
  const parts = assemble(settings, ground)
  const { traffic, applier, recorder, sink, ledger, lastGood } = parts
  const servers = await startServers(settings, ground, parts)
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const feed = startConfigFeed({
    settings,
    lastGood,
    logger: ground.logger,
    random: ground.random ?? Math.random,
    apply: async text => {
      const answer = applier.apply(text)
      if (answer.status === 'applied') await takeTraffic(traffic, ground, resolve)
      return answer
    },
  })
  return {
    get ports() {
      return { ...servers.ports, inbound: portOf(traffic, 'inbound'), outbound: portOf(traffic, 'outbound') }
    },
    ready,
    spans: ledger,
    async stop() {
      // Configurations are followed while others may still come.
      await traffic.stop(settings.drainMillis ?? 0, settings.graceMillis ?? GRACE_MILLIS)
      await feed.stop()
      applier.retire()
      await recorder.close(settings.spanGraceMillis ?? SPAN_GRACE_MILLIS)
      ground.logger.info('the books of the spans are closed', closedBooks(ledger))
      await Promise.all([servers.close(), lastGood.settled(), sink.close(LINE_GRACE_MILLIS)])
    },
  }
}

/** Nobody can ask the metrics of a process that has ended. */
function closedBooks({ recorded, acknowledged, queued, dropped }: SpanLedger): LogFields {
  const lost = Object.entries(dropped).filter(([, spans]) => spans > 0)
  return {
    recorded,
    acknowledged,
    queued,
    ...Object.fromEntries(lost.map(([reason, spans]) => [`dropped_${reason}`, spans])),
  }
}

interface Parts {
  readonly metrics: Metrics
  readonly sidecarMetrics: SidecarMetrics
  readonly ledger: SpanLedger
  readonly recorder: SpanRecorder
  readonly sink: LineSink
  readonly traffic: Traffic
  readonly applier: ConfigApplier
  readonly lastGood: LastGood
}

function assemble(settings: SidecarSettings, ground: SidecarGround): Parts {
  const { logger } = ground
  const clock = ground.clock ?? createClock()
  const ids = ground.ids ?? createIdSource()
  const random = ground.random ?? Math.random
  const metrics = createMetrics()
  const sidecarMetrics = createSidecarMetrics(metrics)
  const ledger = createSpanLedger(metrics)
  // The second half is new with every start: sequence numbers begin again then.
  const sender = `${settings.pod.uid}/${ids.requestId()}`
  const seal = ground.sealAfterMillis === undefined ? {} : { sealAfterMillis: ground.sealAfterMillis }
  const recorder = createSpanRecorder({ ledger, sender, logger, clock, random, ...seal })
  const tick = ground.tickMillis === undefined ? {} : { tickMillis: ground.tickMillis }
  const sink = createLineSink({ output: ground.output ?? process.stdout, metrics })
  const traffic = createTraffic({ settings, metrics, sidecarMetrics, clock, random, ...tick })
  const applier = createConfigApplier({
    metrics: sidecarMetrics,
    recorder,
    logger,
    accessLogGround: { clock, sink },
    use: traffic.use,
    balancerGround: { random, monotonicMillis: () => clock.monotonic() / 1000 },
    tracerGround: {
      clock,
      ids,
      decisions: createDecisionMemory({ monotonicMicros: () => clock.monotonic() }),
      names: createSpanNames(),
      record: recorder.record,
    },
  })
  registerClusterGauges(metrics, () => applier.tables)
  return {
    metrics,
    sidecarMetrics,
    ledger,
    recorder,
    sink,
    traffic,
    applier,
    lastGood: lastGoodOf(settings, logger),
  }
}

function lastGoodOf(settings: SidecarSettings, logger: Logger): LastGood {
  if (settings.stateDir === undefined) return KEEP_NOTHING
  return createLastGood({
    file: join(settings.stateDir, 'last-good-config.json'),
    failed: error => logger.warn('cannot keep the configuration', errorFields(error)),
  })
}

async function takeTraffic(traffic: Traffic, ground: SidecarGround, ready: () => void): Promise<void> {
  try {
    await traffic.open()
    ready()
  } catch (error) {
    ground.logger.error('cannot take traffic', errorFields(error))
    ground.onFatal?.(error)
  }
}

function portOf(traffic: Traffic, name: string): number {
  return traffic.listeners.find(listener => listener.name === name)?.port ?? 0
}

interface Servers {
  readonly ports: Pick<SidecarPorts, 'admin' | 'metrics'>
  close(): Promise<void>
}

async function startServers(
  settings: SidecarSettings,
  ground: SidecarGround,
  parts: Parts,
): Promise<Servers> {
  const { listenHost: host, ports } = settings
  const { logger } = ground
  const fallback = unknownPage
  const routes = adminPages(settings, ground, parts)
  const admin = await startHttpServer({ listen: { host, port: ports.admin }, routes, fallback, logger })
  let scrape: HttpServer
  try {
    scrape = await startHttpServer({
      listen: { host, port: ports.metrics },
      routes: metricsRoutes(parts.metrics),
      fallback,
      logger,
    })
  } catch (error) {
    await admin.close(0)
    throw error
  }
  return {
    ports: { admin: admin.port, metrics: scrape.port },
    close: async () => void (await Promise.all([admin.close(0), scrape.close(0)])),
  }
}

/** What the sidecar says of itself, always as it is at that moment. */
function adminPages(settings: SidecarSettings, ground: SidecarGround, parts: Parts): readonly Route[] {
  const { metrics, sidecarMetrics, ledger, recorder, traffic, applier } = parts
  const report = (): TracingReport =>
    tracingReport({
      config: applier.tables?.config,
      metrics: sidecarMetrics,
      ledger,
      lastAttempt: recorder.lastAttempt,
    })
  return adminRoutes({
    metrics,
    report,
    state: () => traffic.state,
    tables: () => applier.tables,
    listeners: () => traffic.listeners,
    configDump: () =>
      configDump({
        pod: settings.pod,
        tables: applier.tables,
        listeners: traffic.listeners,
        report: report(),
      }),
    quit: () => ground.onQuit?.(),
  })
}
