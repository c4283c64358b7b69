import {
  type AccessLogConfig,
  type Cluster,
  type ClusterSettings,
  type ConfigAnswer,
  type InboundPort,
  type SidecarConfig,
  type TracingConfig,
  toRevision,
} from '../../model/sidecar-config.ts'
import { createLogger } from '../../runtime/logger.ts'
import { encodeSidecarConfig } from '../../wire/sidecar-config-json.ts'
import { type Sidecar, type SidecarGround, startSidecar } from '../sidecar.ts'
import { type FakeCollector, startCollector } from './fake-collector.ts'
import { type FakeControlPlane, startControlPlane } from './fake-control-plane.ts'

export interface RigOptions {
  readonly workload?: string
  /** By container port. */
  readonly inbound?: Readonly<Record<string, Partial<InboundPort> & { readonly appPort: number }>>
  readonly hosts?: Readonly<Record<string, string>>
  readonly clusters?: Readonly<Record<string, Cluster>>
  readonly egress?: boolean
  /** Default: on, all sampled. False: off. */
  readonly tracing?: Partial<TracingConfig> | false
  /** Default: off. */
  readonly accessLog?: AccessLogConfig
  readonly timeoutMillis?: number
  readonly graceMillis?: number
  readonly drainMillis?: number
  readonly maxConnections?: number
  readonly ground?: Partial<SidecarGround>
}

/** A sidecar with a control plane and a collector of its own, for tests over real sockets. */
export interface Rig {
  readonly sidecar: Sidecar
  readonly control: FakeControlPlane
  readonly collector: FakeCollector
  readonly inbound: number
  readonly outbound: number
  readonly logs: readonly string[]
  /** Changes the configuration, and waits for the answer. */
  reconfigure(change: RigOptions): Promise<ConfigAnswer>
  /** Stops the sidecar, so that all spans have been sent. */
  stopSidecar(): Promise<void>
  stop(): Promise<void>
}

export const POD_UID = 'b1946ac9-2f3c-4d62-9d0b-000000000001'
export const POD_ADDRESS = '127.0.0.1'
const TICK_MILLIS = 10
const SEAL_MILLIS = 100

let revisions = 0

export function configOf(options: RigOptions, collectorPort: number): SidecarConfig {
  revisions++
  const ports = Object.entries(options.inbound ?? {}).map(([port, { appPort, ...rest }]) => {
    const target = { address: '127.0.0.1', port: appPort }
    return [port, { protocol: 'http', cluster: `shop/shop|${port}|local`, target, ...rest }] as const
  })
  return {
    revision: toRevision(`r${revisions}`),
    identity: {
      mesh: 'osm',
      namespace: 'shop',
      pod: 'shop-7d9f-x2',
      podUid: POD_UID,
      workload: options.workload ?? 'shop',
      serviceAccount: 'shop',
      address: POD_ADDRESS,
    },
    inbound: { ports: Object.fromEntries(ports) },
    outbound: {
      hosts: options.hosts ?? {},
      clusters: options.clusters ?? {},
      egress: options.egress ?? false,
    },
    ...(options.tracing === false ? {} : { tracing: tracingOf(options.tracing ?? {}, collectorPort) }),
    ...(options.accessLog === undefined ? {} : { accessLog: options.accessLog }),
    timeoutMillis: options.timeoutMillis ?? 5000,
  }
}

function tracingOf(tracing: Partial<TracingConfig>, collectorPort: number): TracingConfig {
  return {
    address: 'jaeger.osm-system.svc.cluster.local',
    port: 9411,
    endpoint: '/api/v2/spans',
    sampledFraction: 1,
    spanName: 'path',
    responseHeaders: true,
    headerTags: [],
    queryStrings: 'keep',
    resolved: [{ address: '127.0.0.1', port: collectorPort }],
    ...tracing,
  }
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const control = await startControlPlane()
  const collector = await startCollector()
  const logs: string[] = []
  const send = (change: RigOptions): void =>
    control.send(encodeSidecarConfig(configOf(change, collector.port)))
  send(options)
  const first = control.nextAnswer()
  const sidecar = await startSidecar(
    {
      pod: { address: POD_ADDRESS, uid: POD_UID, name: 'shop-7d9f-x2', namespace: 'shop' },
      controlPlaneUrl: control.url,
      listenHost: '127.0.0.1',
      ports: { admin: 0, outbound: 0, inbound: 0, metrics: 0 },
      stateDir: undefined,
      graceMillis: options.graceMillis ?? 2000,
      drainMillis: options.drainMillis ?? 0,
      ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
    },
    {
      logger: createLogger({ component: 'sidecar', write: line => logs.push(line) }),
      tickMillis: TICK_MILLIS,
      sealAfterMillis: SEAL_MILLIS,
      ...options.ground,
    },
  )
  await sidecar.ready
  await first
  let stopped: Promise<void> | undefined
  const stopSidecar = (): Promise<void> => {
    stopped ??= sidecar.stop()
    return stopped
  }
  return {
    sidecar,
    control,
    collector,
    inbound: sidecar.ports.inbound,
    outbound: sidecar.ports.outbound,
    logs,
    async reconfigure(change) {
      const answer = control.nextAnswer()
      send(change)
      return answer
    },
    stopSidecar,
    async stop() {
      await stopSidecar()
      await Promise.all([control.close(), collector.close()])
    },
  }
}

/** A cluster of endpoints on this machine. */
export function clusterOf(...ports: readonly number[]): Cluster {
  return {
    protocol: 'http',
    endpoints: ports.map(port => ({ address: '127.0.0.1', port, weight: 1 })),
  }
}

/** The cluster `books.shop`, on these ports of this machine. */
export function booksOn(...ports: readonly number[]): Pick<RigOptions, 'hosts' | 'clusters'> {
  return booksWith({}, ...ports)
}

/** The same with settings. */
export function booksWith(
  settings: ClusterSettings,
  ...ports: readonly number[]
): Pick<RigOptions, 'hosts' | 'clusters'> {
  const cluster = { ...clusterOf(...ports), settings }
  return { hosts: { 'books.shop:80': 'shop/books|80' }, clusters: { 'shop/books|80': cluster } }
}

/** Waits for something that other events bring about; the test's own timeout is the limit. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve))
}
