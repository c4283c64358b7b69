import type { ReactElement, ReactNode } from 'react'
import { formatWhole } from '../count-text.ts'
import { Cell } from './grid-roles.tsx'
import css from './tree-grid.module.css'
import type { TreeRow } from './tree-row.ts'

/** Deeper rows are not indented further, or a long chain would leave no room for names; they say their level. */
const INDENTED_LEVELS = 14

export interface TreeBranchProps {
  readonly row: TreeRow
  readonly folded: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}

/** The first cell of a row: its place in the tree, a button that folds it, and what it is. */
export function TreeBranch({ row, folded, onToggle, children }: TreeBranchProps): ReactElement {
  const below = row.end - row.index - 1
  return (
    <Cell className={css['branch']} style={{ '--level': Math.min(row.depth, INDENTED_LEVELS) }}>
      {row.children > 0 ? (
        <button
          type="button"
          className={css['fold']}
          tabIndex={-1}
          onClick={onToggle}
          aria-label={folded ? `Expand ${formatWhole(below)} below` : `Collapse ${formatWhole(below)} below`}
        >
          <svg
            viewBox="0 0 10 10"
            width="10"
            height="10"
            aria-hidden="true"
            data-folded={folded || undefined}
          >
            <path d="M2 3.5l3 3 3-3" />
          </svg>
        </button>
      ) : (
        <span className={css['leaf']} />
      )}
      {row.depth > INDENTED_LEVELS && (
        <span className={css['level']} title={`Level ${row.depth + 1}`} aria-hidden="true">
          {formatWhole(row.depth + 1)}
        </span>
      )}
      {children}
      {folded && <span className={css['hidden']}>+{formatWhole(below)}</span>}
    </Cell>
  )
}
