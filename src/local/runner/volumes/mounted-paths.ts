import { join } from 'node:path'
import type { VolumeMount } from '../../../model/kubernetes-pod.ts'
import { absolute } from './mounts.ts'

const BEFORE = String.raw`(?<![^\s=:,;'"()<>|&@])`
const AFTER = String.raw`(?=$|[/\s:,;'"()<>|&])`

/**
 * Rewrites paths that a manifest names. On one machine a container sees the files of the machine: what is mounted
 * at `/etc/app` is really at `$POD_ROOT/etc/app`. So where an argument, or the value of a variable, names a mount
 * path or something below it, the real path is put in its place: `/etc/app/x`, `--config=/etc/app/x`,
 * `cat "/etc/app/x" | wc`; not `/etc/apples` and not `/opt/etc/app`. Paths that a program has in itself, or reads from
 * a file, are not seen: such a program must look at POD_ROOT.
 */
export function mountedPaths(
  mounts: readonly VolumeMount[],
  { root, podFolder }: { readonly root: string; readonly podFolder: string },
): (text: string) => string {
  const paths = mounts
    .map(({ mountPath }) => absolute(mountPath).replace(/\/$/, ''))
    .filter(path => path !== '')
  if (paths.length === 0) return text => text
  const innerFirst = paths.toSorted((one, other) => other.length - one.length).map(escaped)
  // Paths that are real already stay, though a mount path may be the beginning of them.
  const pattern = new RegExp(`${escaped(podFolder)}|${BEFORE}(${innerFirst.join('|')})${AFTER}`, 'g')
  return text =>
    text.replace(pattern, (whole, path: string | undefined) =>
      path === undefined ? whole : join(root, path),
    )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
