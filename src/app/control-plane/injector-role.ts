import { randomUUID } from 'node:crypto'
import { startInjector } from '../../control/injector.ts'
import type { HttpKubeClient } from '../../kube/http/http-client.ts'
import { INJECTOR, INJECTOR_HEALTH_PORT, WEBHOOK_PORT } from '../../mesh/install/component-names.ts'
import { issueServerCertificate } from '../../runtime/certificates/certificates.ts'
import { json, type Route } from '../../runtime/http-exchange.ts'
import { startHttpServer } from '../../runtime/http-server.ts'
import type { Running } from '../../runtime/lifecycle.ts'
import { createMetrics, METRICS_CONTENT_TYPE } from '../../runtime/metrics.ts'
import { followControlPlaneUrl } from './control-plane-url.ts'
import type { RoleOptions } from './controller-role.ts'
import { connectFromPod } from './pod-client.ts'
import { listenSettings, meshSettings, required } from './role-settings.ts'
import { webhookAuthority } from './webhook-authority.ts'
import { keepWebhookTrust } from './webhook-trust.ts'

const SERVER_DAYS = 3650

/** Puts sidecars into pods and refuses bad MeshConfigs, as webhooks of the API, until it is stopped. */
export async function startInjectorRole(options: RoleOptions): Promise<Running> {
  const client = await connectFromPod(options.env, INJECTOR, options.logger)
  try {
    return await startWithClient(options, client)
  } catch (error) {
    await client.close()
    throw error
  }
}

async function startWithClient(options: RoleOptions, client: HttpKubeClient): Promise<Running> {
  const { env, logger } = options
  const { meshName, meshNamespace } = meshSettings(env)
  const authority = await webhookAuthority(client, meshNamespace, new Date())
  const name = `${INJECTOR}.${meshNamespace}.svc`
  const { keyPem, certPem } = await issueServerCertificate({
    authority,
    commonName: name,
    dnsNames: [name],
    ipAddresses: [],
    now: new Date(),
    validDays: SERVER_DAYS,
  })
  const controlPlane = await followControlPlaneUrl({
    client,
    written: required(env, 'CONTROL_PLANE_URL'),
    env,
    logger,
  })
  const sidecarImage = env['SIDECAR_IMAGE']
  const injector = await startInjector({
    client,
    meshName,
    meshNamespace,
    logger,
    listen: listenSettings(env, 'WEBHOOK_PORT', WEBHOOK_PORT),
    tls: { key: keyPem, cert: certPem },
    controlPlaneUrl: controlPlane.current,
    newUuid: randomUUID,
    ...(sidecarImage === undefined || sidecarImage === '' ? {} : { sidecarImage }),
  })
  const trust = await keepWebhookTrust({ client, meshName, caPem: authority.certPem, logger })
  // Last: who is healthy can be asked.
  const health = await startHealthServer(options)
  logger.info('the injector is ready', { url: injector.url, mesh: meshName })
  return {
    async stop() {
      await health.close()
      await trust.close()
      await injector.close()
      await controlPlane.close()
      await client.close()
    },
  }
}

function startHealthServer({ env, version, logger }: RoleOptions): ReturnType<typeof startHttpServer> {
  const metrics = createMetrics()
  const routes: readonly Route[] = [
    { method: 'GET', path: '/health', handle: () => json({ status: 'ok' }) },
    { method: 'GET', path: '/version', handle: () => json({ version, git_commit: '', build_date: '' }) },
    {
      method: 'GET',
      path: '/metrics',
      handle: () => ({
        status: 200,
        headers: { 'content-type': METRICS_CONTENT_TYPE },
        body: metrics.print(),
      }),
    },
  ]
  return startHttpServer({
    listen: listenSettings(env, 'HEALTH_PORT', INJECTOR_HEALTH_PORT),
    logger,
    routes,
  })
}
