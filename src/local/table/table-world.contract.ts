import type { KubeObject } from '../../model/kubernetes.ts'
import { builtInColumns } from './built-in-columns.ts'
import type { Column } from './column.ts'
import { tableOf } from './table.ts'

/** Microseconds since the epoch, the present of these tests. */
export const NOW: number = Date.parse('2026-01-02T03:04:05Z') * 1000
export const ago = (seconds: number): string =>
  new Date(NOW / 1000 - seconds * 1000).toISOString().replace('.000', '')

export function named(name: string, parts: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name, creationTimestamp: ago(27 * 60) }, ...parts }
}

/** What kubectl prints of the table, with `-o wide` or without. */
export function printed(
  columns: readonly Column[],
  objects: readonly KubeObject[],
  wide = false,
): readonly string[] {
  const shown = columns.map(({ priority = 0 }) => wide || priority === 0)
  const table = tableOf({ objects, columns, now: NOW, includeObject: 'Metadata' })
  const rows = (table['rows'] as readonly { readonly cells: readonly unknown[] }[]).map(row =>
    row.cells.map(cell => (cell === null ? '<none>' : String(cell))),
  )
  return [columns.map(({ name }) => name.toUpperCase()), ...rows].map(row =>
    row.filter((_, at) => shown[at]).join('   '),
  )
}

export function row(group: string, kind: string, object: KubeObject, wide = false): string {
  return printed(builtInColumns(group, kind), [object], wide)[1] ?? ''
}
