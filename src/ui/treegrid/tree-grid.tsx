import { type KeyboardEvent, type ReactElement, type ReactNode, useMemo, useRef, useState } from 'react'
import { RowGroup } from './grid-roles.tsx'
import { useFocusBack, useGoTo, useShown } from './row-sight.ts'
import { useRowWindow } from './row-window.ts'
import css from './tree-grid.module.css'
import { TreeGridRow } from './tree-grid-row.tsx'
import { type TreeMove, treeMove } from './tree-move.ts'
import { ancestors, type TreeRow, visibleRows } from './tree-row.ts'

export interface TreeGridProps<R extends TreeRow> {
  readonly label: string
  /** In depth-first order. */
  readonly rows: readonly R[]
  readonly folded: ReadonlySet<number>
  readonly onFold: (row: R, folded: boolean) => void
  /** Every row has it, so that only those in sight are drawn. */
  readonly rowHeight: number
  /** Its column heads. */
  readonly head: ReactNode
  /** The cells of a row; `toggle` folds and unfolds it. */
  readonly cells: (row: R, toggle: () => void) => ReactNode
  /** The row whose details are open. */
  readonly opened?: number | undefined
  readonly onOpen?: (row: R) => void
  readonly onClose?: () => void
}

/** A tree with columns. One row can be reached by Tab, the others by the arrows from there. */
export function TreeGrid<R extends TreeRow>(props: TreeGridProps<R>): ReactElement {
  const { rows, folded, rowHeight } = props
  const scroller = useRef<HTMLDivElement>(null)
  const visible = useMemo(() => visibleRows(rows, folded), [rows, folded])
  const window = useRowWindow({ scroller, rows: visible.length, rowHeight })
  const [cursor, setCursor] = useState(props.opened ?? 0)
  const here = nearestVisible(rows, folded, cursor)
  const goTo = useGoTo({ scroller, visible, rowHeight, setCursor })
  useShown({ scroller, opened: props.opened, visible, rowHeight })
  useFocusBack(scroller, props.opened)

  const act = (move: TreeMove): void => {
    if (move.kind === 'go') goTo(move.to)
    if (move.kind === 'close') props.onClose?.()
    const row = move.kind === 'fold' || move.kind === 'open' ? rows[move.row] : undefined
    if (row !== undefined && move.kind === 'fold') props.onFold(row, move.folded)
    if (row !== undefined && move.kind === 'open') props.onOpen?.(row)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const move = treeMove(event.key, { rows, visible, folded, cursor: here, page: window.page })
    if (move === undefined) return
    event.preventDefault()
    act(move)
  }

  return (
    <div
      ref={scroller}
      className={css['scroller']}
      role="treegrid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <RowGroup className={css['head']}>{props.head}</RowGroup>
      <RowGroup className={css['body']} style={{ height: visible.length * rowHeight }}>
        {drawn(visible, window, here).map(([index, place]) => {
          const row = rows[index]
          return (
            row && (
              <TreeGridRow
                key={index}
                row={row}
                place={place}
                height={rowHeight}
                folded={folded.has(index)}
                opened={props.opened === index}
                reachable={index === here}
                onReach={() => setCursor(index)}
                onOpen={() => props.onOpen?.(row)}
              >
                {props.cells(row, () => props.onFold(row, !folded.has(index)))}
              </TreeGridRow>
            )
          )
        })}
      </RowGroup>
    </div>
  )
}

/** The rows in sight, and the one that holds the keyboard's place wherever it is: by index and place. */
function drawn(
  visible: readonly number[],
  { first, end }: { first: number; end: number },
  here: number,
): readonly (readonly [index: number, place: number])[] {
  const found = visible.slice(first, end).map((index, at) => [index, first + at] as const)
  if (found.some(([index]) => index === here)) return found
  const place = visible.indexOf(here)
  const kept = place < 0 ? [] : [[here, place] as const]
  return place < first ? [...kept, ...found] : [...found, ...kept]
}

/** The row itself, or the outermost folded one that hides it. */
function nearestVisible(rows: readonly TreeRow[], folded: ReadonlySet<number>, cursor: number): number {
  if (folded.size === 0) return cursor
  return ancestors(rows, cursor).findLast(index => folded.has(index)) ?? cursor
}
