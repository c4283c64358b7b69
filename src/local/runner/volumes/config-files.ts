import type { ConfigMap, Secret } from '../../../model/kubernetes.ts'
import type { KeyToPath } from '../../../model/kubernetes-pod.ts'
import { checkVolumePath, type VolumeFile, type VolumeFiles } from './volume-files.ts'

export interface KeySource {
  readonly name: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

type Contents = ReadonlyMap<string, Buffer>

/** The files of a ConfigMap. Throws an `Error` in the words of the kubelet. */
export function configMapFiles(source: KeySource, found: ConfigMap | undefined, mode: number): VolumeFiles {
  if (found === undefined) return missing('configmap', source)
  const contents = new Map([
    ...Object.entries(found.data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'utf8')] as const),
    ...Object.entries(found.binaryData ?? {}).map(([key, text]) => [key, fromBase64(text)] as const),
  ])
  return filesOf('configmap', source, contents, mode)
}

/** The files of a Secret. Throws an `Error` in the words of the kubelet. */
export function secretFiles(source: KeySource, found: Secret | undefined, mode: number): VolumeFiles {
  if (found === undefined) return missing('secret', source)
  const contents = new Map(
    Object.entries(found.data ?? {}).map(([key, text]) => [key, fromBase64(text)] as const),
  )
  return filesOf('secret', source, contents, mode)
}

function missing(kind: string, { name, optional = false }: KeySource): VolumeFiles {
  if (optional) return new Map()
  throw new Error(`${kind} "${name}" not found`)
}

/** All keys, or those that are named. */
function filesOf(kind: string, source: KeySource, contents: Contents, mode: number): VolumeFiles {
  const { optional = false } = source
  const items: readonly KeyToPath[] = source.items ?? [...contents.keys()].map(key => ({ key, path: key }))
  const files = new Map<string, VolumeFile>()
  for (const item of items) {
    const content = contents.get(item.key)
    if (content !== undefined) files.set(checkVolumePath(item.path), { content, mode: item.mode ?? mode })
    else if (!optional)
      throw new Error(
        `${kind} references non-existent ${kind === 'secret' ? 'secret' : 'config'} key: ${item.key}`,
      )
  }
  return files
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64')
}
