import { type RoleOptions, startControllerRole } from '../../app/control-plane/controller-role.ts'
import { startInjectorRole } from '../../app/control-plane/injector-role.ts'
import { packageVersion } from '../../app/package-root.ts'
import { type Running, runUntilSignal } from '../../runtime/lifecycle.ts'
import { createLogger } from '../../runtime/logger.ts'

/** The parts of the control plane, each a container of its own. Deployments say the rest by variables. */
const ROLES: Readonly<Record<string, (options: RoleOptions) => Promise<Running>>> = {
  controller: startControllerRole,
  injector: startInjectorRole,
}

const USAGE = `The control plane of the mesh, one part a process. \`osm install\` runs both.

Usage: control ROLE

  controller   Configures the sidecars
  injector     Puts sidecars into pods, refuses bad MeshConfigs

Variables: MESH_NAME, MESH_NAMESPACE, LISTEN_HOST; controller: HTTP_PORT;
injector: CONTROL_PLANE_URL, SIDECAR_IMAGE, WEBHOOK_PORT, HEALTH_PORT.
`

const [name = '--help'] = process.argv.slice(2)
const start = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined
if (start === undefined) {
  const asked = name === '--help' || name === '-h'
  process[asked ? 'stdout' : 'stderr'].write(USAGE)
  process.exitCode = asked ? 0 : 2
} else {
  const logger = createLogger({ component: `osm-${name}` })
  void runUntilSignal({
    logger,
    start: () => start({ env: process.env, version: packageVersion(), logger }),
  })
}
