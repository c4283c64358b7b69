import type { DownwardApiFile, Pod } from '../../../model/kubernetes-pod.ts'
import { fieldValue } from '../field-path.ts'
import { type MachineResources, resourceFieldValue } from '../resource-field.ts'
import { checkVolumePath, type VolumeFile, type VolumeFiles } from './volume-files.ts'

export interface DownwardScope {
  readonly pod: Pod
  readonly podIP: string
  readonly machine: MachineResources
}

/**
 * Fields of the pod as files (kubernetes.io/docs/concepts/workloads/pods/downward-api). Throws an `Error` where a
 * field cannot be had.
 */
export function downwardFiles(
  items: readonly DownwardApiFile[],
  scope: DownwardScope,
  mode: number,
): VolumeFiles {
  const files = new Map<string, VolumeFile>()
  for (const item of items) {
    const content = Buffer.from(textOf(item, scope), 'utf8')
    files.set(checkVolumePath(item.path), { content, mode: item.mode ?? mode })
  }
  return files
}

function textOf({ path, fieldRef, resourceFieldRef }: DownwardApiFile, scope: DownwardScope): string {
  if (resourceFieldRef !== undefined) return resourceFieldValue(resourceFieldRef, scope)
  const { pod, podIP } = scope
  const field = fieldRef?.fieldPath ?? ''
  if (field === 'metadata.labels') return linesOf(pod.metadata.labels)
  if (field === 'metadata.annotations') return linesOf(pod.metadata.annotations)
  const found = fieldValue(pod, podIP, field)
  if (found === undefined) throw new Error(`${path}: there is no field "${field}"`)
  return found
}

/** `name="value"`, a line each, by name; the value as a Go string. */
function linesOf(texts: Readonly<Record<string, string>> = {}): string {
  return Object.entries(texts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join('\n')
}
