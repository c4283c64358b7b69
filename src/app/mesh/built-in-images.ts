import type { ImageCommand } from '../../local/image-command.ts'
import { ensureBundle, ensureUi, SIDECAR_FLAGS } from '../bundles.ts'
import type { ImageTable } from './image-table.ts'

/** What our own images, and the one that we stand in for, are on one machine. Builds what is not built yet. */
export async function builtInImages(): Promise<ImageTable> {
  const [sidecar, kiseki, control, uiDir] = await Promise.all([
    ensureBundle('sidecar'),
    ensureBundle('kiseki'),
    ensureBundle('control'),
    ensureUi(),
  ])
  const node = process.execPath
  const backend: ImageCommand = {
    command: [node, kiseki, 'all-in-one'],
    // An image listens on all interfaces; a pod on one machine has one address of its own.
    env: { JAEGER_LISTEN_HOST: '$(POD_IP)', KISEKI_UI_DIR: uiDir },
  }
  const controller: ImageCommand = {
    command: [node, control, 'controller'],
    env: { LISTEN_HOST: '$(POD_IP)', HTTP_PORT: '$(PORT)' },
  }
  const injector: ImageCommand = {
    command: [node, control, 'injector'],
    env: { LISTEN_HOST: '$(POD_IP)', WEBHOOK_PORT: '$(PORT)', HEALTH_PORT: '$(PORT_HEALTH)' },
  }
  return new Map([
    ['kiseki/sidecar', { command: [node, ...SIDECAR_FLAGS, sidecar] }],
    ['kiseki/osm-controller', controller],
    ['kiseki/osm-injector', injector],
    ['kiseki/kiseki', backend],
    ['jaegertracing/all-in-one', backend],
  ])
}
