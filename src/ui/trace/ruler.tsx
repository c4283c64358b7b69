import type { ReactElement } from 'react'
import { formatDuration } from '../duration.ts'
import { ColumnHead, HeadRow } from '../treegrid/grid-roles.tsx'
import css from './waterfall.module.css'

export interface RulerProps {
  /** Of the trace, in microseconds. */
  readonly duration: number
  readonly steps: number
}

/** The heads of the columns; the one of the bars is a scale. */
export function Ruler({ duration, steps }: RulerProps): ReactElement {
  const marks = Array.from({ length: steps + 1 }, (_, step) => step / steps)
  return (
    <HeadRow className={css['columns']}>
      <ColumnHead className={css['head']}>Service and operation</ColumnHead>
      <ColumnHead className={css['ruler']} aria-label="Time">
        {marks.map(mark => (
          <span key={mark} style={{ left: `${mark * 100}%` }} data-last={mark === 1 || undefined}>
            {formatDuration(duration * mark)}
          </span>
        ))}
      </ColumnHead>
    </HeadRow>
  )
}
