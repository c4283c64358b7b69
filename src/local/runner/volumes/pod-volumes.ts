import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeClient } from '../../../kube/client.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Pod, ProjectedSource, Volume } from '../../../model/kubernetes-pod.ts'
import { type ConfigObjects, configOfVolumes, readConfig } from '../config-objects.ts'
import type { MachineResources } from '../resource-field.ts'
import type { AccountTokens } from './account-tokens.ts'
import { writeAtomically } from './atomic-folder.ts'
import { configMapFiles, secretFiles } from './config-files.ts'
import { downwardFiles } from './downward-files.ts'
import { linkHostPath } from './host-path.ts'
import { checkVolumePath, DEFAULT_FILE_MODE, sameFiles, type VolumeFiles } from './volume-files.ts'

export interface PodVolumesOptions {
  readonly client: KubeClient
  /** As it is now: labels and annotations may change. */
  readonly pod: () => Pod
  readonly podIP: string
  readonly machine: MachineResources
  readonly tokens: AccountTokens
  /** Each volume becomes a folder in it. */
  readonly folder: string
}

/** The volumes of one pod as folders of this machine. */
export interface PodVolumes {
  /** What could not be set up, in the words of the kubelet; undefined when all is. What is set up already is brought up to date. */
  setUp(): Promise<string | undefined>
  /** Undefined where there is no such volume. */
  folderOf(volume: string): string | undefined
}

export function createPodVolumes(options: PodVolumesOptions): PodVolumes {
  return new Folders(options)
}

class Folders implements PodVolumes {
  readonly #options: PodVolumesOptions
  readonly #written = new Map<string, VolumeFiles>()
  /** Two who set up at once would take each other's files away. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: PodVolumesOptions) {
    this.#options = options
  }

  setUp(): Promise<string | undefined> {
    const next = this.#last.then(() => this.#setUpAll())
    this.#last = next.catch(() => undefined)
    return next
  }

  folderOf(name: string): string | undefined {
    const volumes = this.#options.pod().spec.volumes ?? []
    return volumes.some(volume => volume.name === name) ? this.#folder(name) : undefined
  }

  async #setUpAll(): Promise<string | undefined> {
    const { client, pod } = this.#options
    const { metadata, spec } = pod()
    const { volumes = [] } = spec
    const config = await readConfig(client, metadata.namespace ?? '', configOfVolumes(volumes))
    let problem: string | undefined
    for (const volume of volumes) {
      try {
        await this.#setUpOne(volume, config)
      } catch (error) {
        problem ??= `MountVolume.SetUp failed for volume "${volume.name}" : ${messageOf(error)}`
      }
    }
    return problem
  }

  async #setUpOne(volume: Volume, config: ConfigObjects): Promise<void> {
    const { name, hostPath } = volume
    const folder = this.#folder(name)
    await mkdir(this.#options.folder, { recursive: true })
    if (hostPath !== undefined) return linkHostPath(hostPath, folder)
    if (isEmptyDir(volume)) return void (await mkdir(folder, { recursive: true }))
    const files = await this.#filesOf(volume, config)
    const before = this.#written.get(name)
    if (before !== undefined && sameFiles(before, files)) return
    await writeAtomically(folder, files)
    this.#written.set(name, files)
  }

  async #filesOf(volume: Volume, config: ConfigObjects): Promise<VolumeFiles> {
    const { configMap, secret, downwardAPI, projected } = volume
    const { defaultMode: mode = DEFAULT_FILE_MODE } = configMap ?? secret ?? downwardAPI ?? projected ?? {}
    if (configMap !== undefined) return configMapFiles(configMap, config.configMaps.get(configMap.name), mode)
    if (secret !== undefined) {
      const { secretName } = secret
      return secretFiles({ ...secret, name: secretName }, config.secrets.get(secretName), mode)
    }
    if (downwardAPI !== undefined) return downwardFiles(downwardAPI.items ?? [], this.#scope(), mode)
    if (projected === undefined) throw new Error(`${kindOf(volume)} is not supported on one machine`)
    const parts: VolumeFiles[] = []
    for (const source of projected.sources ?? []) parts.push(await this.#projected(source, config, mode))
    return new Map(parts.flatMap(part => [...part]))
  }

  async #projected(source: ProjectedSource, config: ConfigObjects, mode: number): Promise<VolumeFiles> {
    const { configMap, secret, downwardAPI, serviceAccountToken } = source
    if (configMap !== undefined) return configMapFiles(configMap, config.configMaps.get(configMap.name), mode)
    if (secret !== undefined) return secretFiles(secret, config.secrets.get(secret.name), mode)
    if (downwardAPI !== undefined) return downwardFiles(downwardAPI.items ?? [], this.#scope(), mode)
    if (serviceAccountToken === undefined)
      throw new Error(`${Object.keys(source).join()} is not supported on one machine`)
    const content = Buffer.from(await this.#options.tokens.current(), 'utf8')
    // Whoever runs the pods may read it, nobody else.
    return new Map([[checkVolumePath(serviceAccountToken.path), { content, mode: 0o600 }]])
  }

  #scope(): { readonly pod: Pod; readonly podIP: string; readonly machine: MachineResources } {
    const { pod, podIP, machine } = this.#options
    return { pod: pod(), podIP, machine }
  }

  #folder(name: string): string {
    return join(this.#options.folder, name)
  }
}

/** Without any source a volume is an empty folder, as in Kubernetes. */
function isEmptyDir(volume: Volume): boolean {
  return volume.emptyDir !== undefined || Object.keys(volume).length === 1
}

function kindOf({ name: _, ...sources }: Volume): string {
  return Object.keys(sources).join(', ')
}
