import { startControlPlane } from '../../control/control-plane.ts'
import { CONTROLLER, CONTROLLER_PORT } from '../../mesh/install/component-names.ts'
import type { Running } from '../../runtime/lifecycle.ts'
import type { Logger } from '../../runtime/logger.ts'
import { connectFromPod } from './pod-client.ts'
import { type Environment, listenSettings, meshSettings } from './role-settings.ts'

export interface RoleOptions {
  readonly env: Environment
  readonly version: string
  readonly logger: Logger
}

/** Watches the API and configures the sidecars, until it is stopped. */
export async function startControllerRole({ env, version, logger }: RoleOptions): Promise<Running> {
  const mesh = meshSettings(env)
  const listen = listenSettings(env, 'HTTP_PORT', CONTROLLER_PORT)
  const client = await connectFromPod(env, CONTROLLER, logger)
  const controlPlane = await startControlPlane({ client, listen, version, logger, ...mesh })
  logger.info('the control plane is ready', { url: controlPlane.url, mesh: mesh.meshName })
  return {
    async stop() {
      await controlPlane.stop()
      await client.close()
    },
  }
}
