import { ensureBundle, SIDECAR_FLAGS } from '../../src/app/bundles.ts'
import { startControlPlane } from '../../src/sidecar/testing/fake-control-plane.ts'
import { booksOn, clusterOf, configOf } from '../../src/sidecar/testing/rig.ts'
import { encodeSidecarConfig } from '../../src/wire/sidecar-config-json.ts'
import { type Ground, MEASURED_CORE, SINK_PORT, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'
import type { Ways } from './load.ts'
import { end, withChildren } from './processes.ts'

/** The authority that leads to the upstream, and the one that leads to its HTTP/2 port. */
export const AUTHORITY = 'books.shop'
const H2_AUTHORITY = 'books-h2.shop'

export interface SidecarOptions {
  /** Undefined: tracing is off. */
  readonly sampledFraction: number | undefined
  /** The first of four. */
  readonly firstPort: number
  readonly collectorPort?: number
  /** For Node. */
  readonly flags?: readonly string[]
}

export interface RunningSidecar extends Ways {
  readonly pids: () => readonly number[]
  readonly metricsPort: number
  stop(): Promise<void>
}

/** Our sidecar from its bundle, as an installed package starts it. */
export async function startSidecarProcess(ground: Ground, options: SidecarOptions): Promise<RunningSidecar> {
  const { firstPort, sampledFraction, flags = [] } = options
  const control = await startControlPlane()
  const resolved = [{ address: '127.0.0.1', port: options.collectorPort ?? SINK_PORT }]
  const tracing = sampledFraction === undefined ? false : { sampledFraction, resolved }
  const books = booksOn(UPSTREAM_PORT)
  const hosts = { ...books.hosts, [`${H2_AUTHORITY}:80`]: 'shop/books-h2|80' }
  const clusters = { ...books.clusters, 'shop/books-h2|80': clusterOf(UPSTREAM_H2_PORT) }
  control.send(encodeSidecarConfig(configOf({ hosts, clusters, tracing }, SINK_PORT)))
  const applied = control.nextAnswer()
  const child = await ground.start({
    core: MEASURED_CORE,
    command: [process.execPath, ...SIDECAR_FLAGS, ...flags, await ensureBundle('sidecar')],
    environment: {
      POD_IP: '127.0.0.1',
      POD_UID: `bench-${firstPort}`,
      POD_NAME: 'bench',
      POD_NAMESPACE: 'bench',
      CONTROL_PLANE_URL: control.url,
      SIDECAR_ADMIN_PORT: String(firstPort),
      SIDECAR_OUTBOUND_PORT: String(firstPort + 1),
      SIDECAR_INBOUND_PORT: String(firstPort + 2),
      SIDECAR_METRICS_PORT: String(firstPort + 3),
    },
    port: firstPort + 1,
  })
  const answer = await applied
  if (answer.status !== 'applied') throw new Error(`the sidecar refuses its configuration: ${answer.reason}`)
  return {
    h1: { port: firstPort + 1, authority: AUTHORITY },
    h2: { port: firstPort + 1, authority: H2_AUTHORITY },
    pids: () => withChildren(child.pid),
    metricsPort: firstPort + 3,
    async stop() {
      await end(child)
      await control.close()
    },
  }
}
