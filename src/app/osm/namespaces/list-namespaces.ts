import type { KubeClient } from '../../../kube/client.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import {
  IGNORE_LABEL,
  MONITORED_BY_LABEL,
  SIDECAR_INJECTION_ANNOTATION,
} from '../../../mesh/well-known-names.ts'
import type { Namespace } from '../../../model/kubernetes.ts'
import type { Output } from '../output.ts'
import { textTable } from '../text-table.ts'

/** `osm namespace list`: those of a mesh; without a name, those of any. */
export async function listNamespaces(client: KubeClient, output: Output, mesh: string): Promise<void> {
  const { items } = await client.list(
    NAMESPACES,
    mesh === '' ? {} : { labels: { [MONITORED_BY_LABEL]: mesh } },
  )
  const rows = items.flatMap(rowOf).sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
  if (rows.length === 0) output.write(`No namespaces in ${mesh === '' ? 'any mesh' : `mesh [${mesh}]`}\n`)
  else output.write(textTable([['NAMESPACE', 'MESH', 'SIDECAR-INJECTION'], ...rows]))
}

function rowOf({ metadata }: Namespace): readonly (readonly string[])[] {
  const mesh = metadata.labels?.[MONITORED_BY_LABEL]
  return mesh === undefined ? [] : [[metadata.name, mesh, injectionOf(metadata)]]
}

const SWITCHED: Readonly<Record<string, string>> = {
  enabled: 'enabled',
  yes: 'enabled',
  true: 'enabled',
  disabled: 'disabled',
  no: 'disabled',
  false: 'disabled',
}

function injectionOf({ labels, annotations }: Namespace['metadata']): string {
  if (labels?.[IGNORE_LABEL] !== undefined) return 'disabled (ignored)'
  const written = annotations?.[SIDECAR_INJECTION_ANNOTATION]?.toLowerCase() ?? ''
  return Object.hasOwn(SWITCHED, written) ? (SWITCHED[written] ?? '-') : '-'
}
