import { type ControlPlane, startControlPlane } from '../../control/control-plane.ts'
import type { KubeClient } from '../../kube/client.ts'
import type { ImageCommand } from '../../local/image-command.ts'
import { type LocalMachine, startLocalMachine } from '../../local/machine.ts'
import type { Logger } from '../../runtime/logger.ts'
import { ensureBundle } from '../bundles.ts'
import { type ImageTable, imageResolver } from './image-table.ts'
import { createInjector } from './injector.ts'

export interface LocalMeshOptions {
  readonly meshName: string
  readonly meshNamespace: string
  /** State of the run: logs, last good configurations. */
  readonly stateDir: string
  /** Beside the built-in ones; these come first. */
  readonly images: readonly ImageTable[]
  /** 0 takes a free one. */
  readonly controlPort: number
  readonly uiDir: string
  readonly logger: Logger
}

/** A mesh on one machine: the small Kubernetes, with the injector and the control plane beside it. */
export interface LocalMesh {
  readonly client: KubeClient
  readonly machine: LocalMachine
  readonly controlPlane: ControlPlane
  stop(): Promise<void>
}

export async function startLocalMesh(options: LocalMeshOptions): Promise<LocalMesh> {
  const [sidecar, kiseki] = await Promise.all([ensureBundle('sidecar'), ensureBundle('kiseki')])
  const injector = createInjector(options)
  const machine = await startLocalMachine({
    stateDir: options.stateDir,
    resolveImage: imageResolver([
      ...options.images,
      builtInImages({ sidecar, kiseki, uiDir: options.uiDir }),
    ]),
    admit: injector.admit,
    logger: options.logger,
  })
  try {
    const controlPlane = await startControlPlane({
      client: machine.client,
      listen: { host: '127.0.0.1', port: options.controlPort },
      meshName: options.meshName,
      meshNamespace: options.meshNamespace,
      logger: options.logger,
    })
    await injector.start({ client: machine.client, controlPlaneUrl: controlPlane.url })
    return {
      client: machine.client,
      machine,
      controlPlane,
      async stop() {
        // Sidecars drain first: they need nothing of the control plane for that.
        await machine.stop()
        await injector.stop()
        await controlPlane.stop()
      },
    }
  } catch (error) {
    await machine.stop()
    throw error
  }
}

/** What our own images, and the one that we stand in for, are on one machine. */
function builtInImages(bundles: { sidecar: string; kiseki: string; uiDir: string }): ImageTable {
  const kiseki: ImageCommand = {
    command: [process.execPath, bundles.kiseki, 'all-in-one'],
    // An image listens on all interfaces; a pod on one machine has one address of its own.
    env: { JAEGER_LISTEN_HOST: '$(POD_IP)', KISEKI_UI_DIR: bundles.uiDir },
  }
  return new Map([
    ['kiseki/sidecar', { command: [process.execPath, bundles.sidecar] }],
    ['kiseki/kiseki', kiseki],
    ['jaegertracing/all-in-one', kiseki],
  ])
}
