import { type ReactElement, useMemo } from 'react'
import { formatWhole } from '../count-text.ts'
import { formatDelta, formatDuration } from '../duration.ts'
import { ServiceDot } from '../parts/service-name.tsx'
import { useMedia, WIDE } from '../parts/use-media.ts'
import { Cell, ColumnHead, HeadRow } from '../treegrid/grid-roles.tsx'
import { TreeBranch } from '../treegrid/tree-branch.tsx'
import { TreeGrid } from '../treegrid/tree-grid.tsx'
import { useFolding } from '../treegrid/use-folding.ts'
import css from './call-table.module.css'
import type { CallRow } from './call-tree.ts'

/** The calls of both traces, one line for each place of the call tree, with counts, times and what differs. */
export function CallTable({ rows }: { readonly rows: readonly CallRow[] }): ReactElement {
  const wide = useMedia(WIDE)
  const { folded, fold } = useFolding(rows)
  const most = useMemo(
    () => rows.reduce((max, row) => Math.max(max, Math.abs(row.b.time - row.a.time)), 1),
    [rows],
  )
  return (
    <section className={css['calls']} aria-label="Calls of both traces">
      <TreeGrid
        label="Calls"
        rows={rows}
        folded={folded}
        onFold={fold}
        rowHeight={wide ? 32 : 52}
        head={<Head />}
        cells={(row, toggle) => (
          <CallCells row={row} most={most} folded={folded.has(row.index)} onToggle={toggle} />
        )}
      />
    </section>
  )
}

const HEADS = [
  ['Calls', 'A', 'a'],
  ['Calls', 'B', 'b'],
  ['Calls', 'Δ', undefined],
  ['Time', 'A', 'a'],
  ['Time', 'B', 'b'],
  ['Time', 'Δ', undefined],
] as const

function Head(): ReactElement {
  return (
    <HeadRow className={css['columns']}>
      <ColumnHead>Call</ColumnHead>
      {HEADS.map(([what, whose, side]) => (
        <ColumnHead key={`${what} ${whose}`} className={css['number']}>
          {what} <b data-side={side}>{whose}</b>
        </ColumnHead>
      ))}
      <div className={css['legend']} aria-hidden="true">
        <b data-side="a">A longer</b>
        <b data-side="b">B longer</b>
      </div>
    </HeadRow>
  )
}

interface CallCellsProps {
  readonly row: CallRow
  /** The difference that fills half a bar. */
  readonly most: number
  readonly folded: boolean
  readonly onToggle: () => void
}

function CallCells({ row, most, folded, onToggle }: CallCellsProps): ReactElement {
  const { a, b } = row
  const calls = b.calls - a.calls
  const time = b.time - a.time
  const only = b.calls === 0 ? 'a' : a.calls === 0 ? 'b' : undefined
  return (
    <div className={css['columns']} data-only={only}>
      <TreeBranch row={row} folded={folded} onToggle={onToggle}>
        <ServiceDot service={row.service} />
        <span className={css['label']} title={`${row.service}: ${row.operation}`}>
          <b>{row.service || 'no service name'}</b> {row.operation}
        </span>
        {only && (
          <span className={css['only']} data-side={only}>
            only {only.toUpperCase()}
          </span>
        )}
      </TreeBranch>
      <Figure>{a.calls > 0 ? formatWhole(a.calls) : '–'}</Figure>
      <Figure>{b.calls > 0 ? formatWhole(b.calls) : '–'}</Figure>
      <Figure more={moreOf(calls)}>
        {calls > 0 ? `+${formatWhole(calls)}` : calls < 0 ? `−${formatWhole(-calls)}` : '±0'}
      </Figure>
      <Figure>{a.calls > 0 ? formatDuration(a.time) : '–'}</Figure>
      <Figure>{b.calls > 0 ? formatDuration(b.time) : '–'}</Figure>
      <Figure more={moreOf(time)}>{formatDelta(time)}</Figure>
      <div className={css['bar']} aria-hidden="true">
        <span
          data-side={moreOf(time)}
          style={{ width: `${(Math.abs(time) / most) * 50}%`, [time < 0 ? 'right' : 'left']: '50%' }}
        />
      </div>
    </div>
  )
}

interface FigureProps {
  readonly more?: 'a' | 'b' | undefined
  readonly children: string
}

function Figure({ more, children }: FigureProps): ReactElement {
  return (
    <Cell className={css['number']} data-side={more}>
      {children}
    </Cell>
  )
}

/** Which side has more of it. */
function moreOf(difference: number): 'a' | 'b' | undefined {
  return difference > 0 ? 'b' : difference < 0 ? 'a' : undefined
}
