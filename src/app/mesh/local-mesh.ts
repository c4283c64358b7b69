import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type LocalCluster, startLocalCluster } from '../../local/cluster.ts'
import type { Logger } from '../../runtime/logger.ts'
import { packageRoot } from '../package-root.ts'
import { builtInImages } from './built-in-images.ts'
import { type ImageTable, imageResolver } from './image-table.ts'

export interface LocalMeshOptions {
  /** Objects, credentials, logs. */
  readonly stateDir: string
  /** Beside the built-in ones; these come first. */
  readonly images: readonly ImageTable[]
  /** Of the Kubernetes API. Absent: that of the former run, or any. */
  readonly apiPort?: number
  readonly logger: Logger
}

/** Of the cluster and the context in the kubeconfig. */
const NAME = 'kiseki'

/** The small Kubernetes that knows the images of the mesh. What runs in it, whoever installs it says. */
export async function startLocalMesh(options: LocalMeshOptions): Promise<LocalCluster> {
  const { images, ...rest } = options
  const resolveImage = imageResolver([...images, await builtInImages()])
  return startLocalCluster({ ...rest, name: NAME, resolveImage, helperDir: helperFolder() })
}

/** The plain files of the runner: beside their sources in a checkout, beside the bundles in an installed package. */
function helperFolder(): string {
  const root = packageRoot()
  const sources = join(root, 'src', 'local', 'runner')
  return existsSync(sources) ? sources : join(root, 'dist')
}
