import { useCallback, useState } from 'react'
import { foldable, type TreeRow } from './tree-row.ts'

export interface Folding {
  readonly folded: ReadonlySet<number>
  readonly fold: (row: TreeRow, folded: boolean) => void
  readonly foldAll: () => void
  readonly unfoldAll: () => void
}

const NONE: ReadonlySet<number> = new Set()

/** Which rows of a tree are folded; none in the beginning. */
export function useFolding(rows: readonly TreeRow[]): Folding {
  const [folded, setFolded] = useState(NONE)
  const fold = useCallback((row: TreeRow, isFolded: boolean) => {
    setFolded(before => {
      const next = new Set(before)
      if (isFolded) next.add(row.index)
      else next.delete(row.index)
      return next
    })
  }, [])
  return {
    folded,
    fold,
    foldAll: () => setFolded(foldable(rows)),
    unfoldAll: () => setFolded(NONE),
  }
}
