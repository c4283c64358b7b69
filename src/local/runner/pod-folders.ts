import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pod } from '../../model/kubernetes-pod.ts'

/** Tells it from every pod that has had the name before. */
export function podFolderName({ metadata }: Pod): string {
  return `${metadata.namespace}_${metadata.name}_${metadata.uid}`
}

/** Leaves what the pods that there are have kept in their volumes; of all others of a former run nothing. */
export async function tidyPodFolders(podsDir: string, pods: readonly Pod[]): Promise<void> {
  await mkdir(podsDir, { recursive: true })
  const kept = new Set(pods.map(podFolderName))
  for (const name of await readdir(podsDir)) {
    if (!kept.has(name)) await rm(join(podsDir, name), { recursive: true, force: true })
  }
}
