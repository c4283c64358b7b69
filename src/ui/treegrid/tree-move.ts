import type { TreeRow } from './tree-row.ts'

export interface TreeState {
  readonly rows: readonly TreeRow[]
  /** Places of the rows that can be seen, in order. */
  readonly visible: readonly number[]
  readonly folded: ReadonlySet<number>
  /** Where the keyboard is: a place in `rows`. */
  readonly cursor: number
  /** Rows that fit the window. */
  readonly page: number
}

/** What a key does in a tree, as the ARIA practice for tree grids has it. */
export type TreeMove =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'fold'; readonly row: number; readonly folded: boolean }
  | { readonly kind: 'open'; readonly row: number }
  | { readonly kind: 'close' }

/** Undefined where the key means nothing here. */
export function treeMove(key: string, state: TreeState): TreeMove | undefined {
  const { rows, folded, cursor } = state
  const row = rows[cursor]
  if (row === undefined) return undefined
  switch (key) {
    case 'ArrowRight':
      if (row.children === 0) return undefined
      return folded.has(cursor)
        ? { kind: 'fold', row: cursor, folded: false }
        : { kind: 'go', to: cursor + 1 }
    case 'ArrowLeft':
      if (row.children > 0 && !folded.has(cursor)) return { kind: 'fold', row: cursor, folded: true }
      return row.parent < 0 ? undefined : { kind: 'go', to: row.parent }
    case 'Enter':
    case ' ':
      return { kind: 'open', row: cursor }
    case 'Escape':
      return { kind: 'close' }
    default:
      return jump(key, state)
  }
}

function jump(key: string, { visible, cursor, page }: TreeState): TreeMove | undefined {
  const at = visible.indexOf(cursor)
  const target = targetOf(key, { at, last: visible.length - 1, page: Math.max(1, page - 1) })
  const to = target === undefined ? undefined : visible[target]
  return to === undefined ? undefined : { kind: 'go', to }
}

function targetOf(key: string, from: { at: number; last: number; page: number }): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(from.at + 1, from.last)
    case 'ArrowUp':
      return Math.max(from.at - 1, 0)
    case 'PageDown':
      return Math.min(from.at + from.page, from.last)
    case 'PageUp':
      return Math.max(from.at - from.page, 0)
    case 'Home':
      return 0
    case 'End':
      return from.last
    default:
      return undefined
  }
}
