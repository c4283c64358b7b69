import { BatchIntake } from '../../collector/batch-intake.ts'
import { ByteBudget } from '../../collector/byte-budget.ts'
import { createCollectorLedger } from '../../collector/collector-ledger.ts'
import { createCrossOrigin } from '../../collector/cross-origin.ts'
import { otlpExport } from '../../collector/otlp/grpc-receiver.ts'
import { otlpRoutes } from '../../collector/otlp/http-receiver.ts'
import { zipkinRoutes } from '../../collector/zipkin-receiver.ts'
import type { Micros } from '../../model/micros.ts'
import { belowBasePath } from '../../query/base-path.ts'
import { jaegerRoutes } from '../../query/jaeger-routes.ts'
import { uiAssets } from '../../query/ui-assets.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { GrpcMethod } from '../../runtime/grpc/grpc-call.ts'
import { startGrpcServer } from '../../runtime/grpc/grpc-server.ts'
import {
  type HttpServer,
  type HttpServerOptions,
  type ListenAddress,
  startHttpServer,
} from '../../runtime/http-server.ts'
import type { Running } from '../../runtime/lifecycle.ts'
import type { Logger } from '../../runtime/logger.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { createMemorySpanStore } from '../../storage/memory/memory-span-store.ts'
import type { SpanStore } from '../../storage/span-store.ts'
import { standardAdjusters } from '../../trace/adjust/standard-adjusters.ts'
import { adminRoutes } from './admin-routes.ts'
import { registerGauges } from './backend-metrics.ts'
import type { Settings } from './settings.ts'

export interface BackendOptions {
  readonly logger: Logger
  readonly clock: Clock
  /** Where the built page is. */
  readonly uiDir: string
  readonly version: string
}

/** Where it can be reached on this machine. */
interface BackendUrls {
  readonly ui: string
  readonly zipkin?: string
  /** Without path: senders put `/v1/traces` behind it. */
  readonly otlpHttp?: string
  readonly otlpGrpc?: string
  readonly admin: string
}

export interface Backend extends Running {
  readonly urls: BackendUrls
  readonly store: SpanStore
}

/** Zipkin's collectors take so much by default, and their senders know. */
const MAX_BODY_BYTES = 10 * 1024 * 1024
/** As OpenTelemetry's Collector, over HTTP and over gRPC. */
const MAX_OTLP_BODY_BYTES = 20 * 1024 * 1024
const MAX_OTLP_MESSAGE_BYTES = 4 * 1024 * 1024
const MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024
/** Of all listeners together: who stops this process waits, and kills it after 10 s. */
const DRAIN_MILLIS = 3000

/** Starts collector, store and query service in this process. Resolves when all listeners are open; all or none are. */
export async function startBackend(settings: Settings, options: BackendOptions): Promise<Backend> {
  const store = createMemorySpanStore({ ...settings, clock: options.clock })
  const parts = createParts(settings, options, store)
  const doors: Closable[] = []
  const others: Closable[] = []
  const open = async (part: Omit<HttpServerOptions, 'logger'>, among = others): Promise<HttpServer> => {
    const server = await startHttpServer({ ...part, logger: options.logger })
    among.push(server)
    return server
  }
  const openDoor = async (listen: ListenAddress | 'off', routes: HttpServerOptions['routes']) =>
    listen === 'off' ? undefined : (await open({ listen, routes }, doors)).url
  try {
    const admin = await open({ listen: settings.admin, routes: parts.admin })
    const query = await open({ listen: settings.query, routes: parts.query, fallback: parts.ui })
    const zipkin = await openDoor(settings.zipkin, parts.zipkin)
    const otlpHttp = settings.otlp ? await openDoor(settings.otlpHttp, parts.otlpHttp) : undefined
    const otlpGrpc = settings.otlp ? await openGrpc(settings.otlpGrpc, parts, options, doors) : undefined
    parts.upSince = options.clock.now()
    return {
      urls: {
        ui: query.url + settings.basePath,
        ...(zipkin === undefined ? {} : { zipkin }),
        ...(otlpHttp === undefined ? {} : { otlpHttp }),
        ...(otlpGrpc === undefined ? {} : { otlpGrpc }),
        admin: admin.url,
      },
      store,
      async stop() {
        parts.upSince = undefined
        const since = options.clock.monotonic()
        // Who sends comes first: what was accepted can still be asked for until the end.
        await closeAll(doors, DRAIN_MILLIS)
        await closeAll(others, Math.max(0, DRAIN_MILLIS - (options.clock.monotonic() - since) / 1000))
        await store[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await closeAll([...doors, ...others], 0)
    await store[Symbol.asyncDispose]()
    throw error
  }
}

interface Closable {
  close(graceMillis: number): Promise<void>
}

async function closeAll(servers: readonly Closable[], graceMillis: number): Promise<void> {
  await Promise.all(servers.map(server => server.close(graceMillis)))
}

async function openGrpc(
  listen: ListenAddress | 'off',
  { otlpGrpc }: Parts,
  { logger }: BackendOptions,
  doors: Closable[],
): Promise<string | undefined> {
  if (listen === 'off') return undefined
  const server = await startGrpcServer({ listen, methods: [otlpGrpc], logger })
  doors.push(server)
  return `http://${server.address}`
}

interface Parts {
  readonly admin: HttpServerOptions['routes']
  readonly query: HttpServerOptions['routes']
  readonly zipkin: HttpServerOptions['routes']
  readonly otlpHttp: HttpServerOptions['routes']
  readonly otlpGrpc: GrpcMethod
  readonly ui: NonNullable<HttpServerOptions['fallback']>
  upSince: Micros | undefined
}

function createParts(settings: Settings, options: BackendOptions, store: SpanStore): Parts {
  const { clock, logger, version } = options
  const { basePath } = settings
  const metrics = createMetrics()
  const budget = new ByteBudget(MAX_IN_FLIGHT_BYTES)
  const ledger = createCollectorLedger(metrics)
  const intake = new BatchIntake({ store, ledger, budget, clock })
  registerGauges({ metrics, store, budget, version })
  const adjust = standardAdjusters({ maxClockSkew: settings.maxClockSkew })
  const parts: Parts = {
    upSince: undefined,
    admin: adminRoutes({
      version,
      metrics,
      clock,
      upSince: () => parts.upSince,
      collector: () => ({
        ...ledger.status(),
        inFlightBytes: budget.used,
        maxInFlightBytes: budget.max,
      }),
      store: () => store.status(),
    }),
    query: belowBasePath(jaegerRoutes({ store, adjust, clock, logger }), basePath),
    ui: uiAssets({ dir: options.uiDir, basePath }),
    zipkin: zipkinRoutes({
      intake,
      engine: store.status().engine,
      crossOrigin: createCrossOrigin({ origins: settings.corsOrigins, headers: settings.corsHeaders }),
      maxBodyBytes: MAX_BODY_BYTES,
      version,
    }),
    otlpHttp: otlpRoutes({
      intake,
      crossOrigin: createCrossOrigin({
        origins: settings.otlpCorsOrigins,
        headers: settings.otlpCorsHeaders,
      }),
      maxBodyBytes: MAX_OTLP_BODY_BYTES,
      logger,
    }),
    otlpGrpc: otlpExport({ intake, maxMessageBytes: MAX_OTLP_MESSAGE_BYTES }),
  }
  return parts
}
