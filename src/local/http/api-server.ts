import { startHttpServer } from '../../runtime/http-server.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { LocalKubernetes } from '../kubernetes.ts'
import type { PodStreamTarget } from '../streams/pod-stream-target.ts'
import { createApiHandler, type VersionInfo } from './api-routes.ts'
import { createAuthentication } from './authentication.ts'
import type { Credentials } from './credentials.ts'
import { ObjectRoutes } from './object-routes.ts'
import type { ReadLogs } from './pod-logs.ts'
import type { PodSockets } from './pod-sockets.ts'
import { createReviews } from './reviews.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'
import { createUpgradeHandler } from './upgrades.ts'

export interface ApiServerOptions {
  readonly kubernetes: LocalKubernetes
  readonly credentials: Credentials
  readonly tokens: ServiceAccountTokens
  /** Of 127.0.0.1: who may start processes must be on this machine. 0 takes a free one. */
  readonly port: number
  readonly readLogs: ReadLogs
  readonly sockets: PodSockets
  readonly streams: PodStreamTarget
  /** Microseconds since the epoch. */
  readonly now: () => number
  readonly metrics: Metrics
  readonly logger: Logger
}

export interface ApiServer {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** The Kubernetes version whose API is served, as far as it is. */
export const KUBERNETES_VERSION: VersionInfo = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+kiseki',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}
const HOST = '127.0.0.1'

/** Serves the API over TLS on this machine. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { kubernetes, credentials, tokens, now, logger, readLogs, sockets, metrics } = options
  const { store, catalog, api } = kubernetes
  const ending = new AbortController()
  const authentication = createAuthentication({ adminToken: credentials.token, tokens })
  const upgrades = createUpgradeHandler({ authentication, store, target: options.streams, logger })
  const server = await startHttpServer({
    listen: { host: HOST, port: options.port },
    tls: { key: credentials.serverKeyPem, cert: credentials.serverCertificatePem },
    routes: [],
    fallback: createApiHandler({
      store,
      catalog,
      authentication,
      sockets,
      metrics,
      logger,
      objects: new ObjectRoutes({ api, now, closing: ending.signal }),
      reviews: createReviews({ store, tokens, now }),
      logs: { readLogs, now, closing: ending.signal },
      version: KUBERNETES_VERSION,
    }),
    upgrade: upgrades.handle,
    logger,
  })
  return {
    url: server.url,
    port: server.port,
    async close() {
      ending.abort()
      upgrades.close()
      await server.close()
    },
  }
}
