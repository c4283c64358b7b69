import type { MouseEvent, ReactElement, ReactNode } from 'react'
import css from './tree-grid.module.css'
import type { TreeRow } from './tree-row.ts'

export interface TreeGridRowProps {
  readonly row: TreeRow
  /** Among the visible rows. */
  readonly place: number
  readonly height: number
  readonly folded: boolean
  readonly opened: boolean
  /** By Tab. */
  readonly reachable: boolean
  readonly onReach: () => void
  readonly onOpen: () => void
  readonly children: ReactNode
}

export function TreeGridRow(props: TreeGridRowProps): ReactElement {
  const { row } = props
  const open = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('button, a')) return
    props.onOpen()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table row cannot be placed where it would be if all were drawn
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree grid takes the keys of all its rows
    <div
      className={css['row']}
      role="row"
      data-index={row.index}
      tabIndex={props.reachable ? 0 : -1}
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-rowindex={row.index + 2}
      aria-expanded={row.children > 0 ? !props.folded : undefined}
      aria-selected={props.opened}
      style={{ height: props.height, transform: `translateY(${props.place * props.height}px)` }}
      onFocus={props.onReach}
      onClick={open}
    >
      {props.children}
    </div>
  )
}
