import type { ReactElement } from 'react'
import { formatDuration } from '../duration.ts'
import { ErrorMark } from '../parts/error-mark.tsx'
import { serviceColor } from '../service-color.ts'
import type { SpanRow } from '../trace-rows.ts'
import { Cell } from '../treegrid/grid-roles.tsx'
import { TreeBranch } from '../treegrid/tree-branch.tsx'
import css from './waterfall.module.css'

export interface SpanCellsProps {
  readonly row: SpanRow
  /** Of the trace. */
  readonly duration: number
  readonly folded: boolean
  readonly onToggle: () => void
}

export function SpanCells({ row, duration, folded, onToggle }: SpanCellsProps): ReactElement {
  return (
    <div className={css['columns']} style={{ '--service': serviceColor(row.service) }}>
      <TreeBranch row={row} folded={folded} onToggle={onToggle}>
        <span className={css['stripe']} aria-hidden="true" />
        {row.error && <ErrorMark label="Error" />}
        {folded && row.errorsBelow > 0 && <ErrorMark label={`${row.errorsBelow} errors below`} hollow />}
        <span className={css['label']} title={`${row.service}: ${row.span.operationName}`}>
          <b>{row.service || 'no service name'}</b> {row.span.operationName}
        </span>
        {row.orphan && <span className={css['orphan']}>parent missing</span>}
      </TreeBranch>
      <Bar row={row} duration={duration} />
    </div>
  )
}

function Bar({ row, duration }: { readonly row: SpanRow; readonly duration: number }): ReactElement {
  const left = percent(row.offset, duration)
  const width = percent(row.span.duration, duration)
  return (
    <Cell
      className={css['track']}
      aria-label={`${formatDuration(row.span.duration)}, starts at ${formatDuration(row.offset)}`}
    >
      <div
        className={css['bar']}
        data-error={row.error || undefined}
        style={{ left: `${left}%`, width: `${width}%` }}
      >
        <span className={css['length']}>{formatDuration(row.span.duration)}</span>
        {row.span.logs.slice(0, 50).map((log, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the logs of a span never change places
            key={place}
            className={css['event']}
            style={{ left: `${percent(log.timestamp - row.span.startTime, row.span.duration)}%` }}
          />
        ))}
      </div>
    </Cell>
  )
}

/** Within 0 and 100: clocks differ, and what lies outside would be lost. */
function percent(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0
}
