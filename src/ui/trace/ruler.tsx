import type { ReactElement } from 'react'
import { formatMark } from '../duration.ts'
import { ColumnHead, HeadRow } from '../treegrid/grid-roles.tsx'
import css from './waterfall.module.css'

export interface RulerProps {
  /** Of the trace, in microseconds. */
  readonly duration: number
  /** Between two marks. */
  readonly step: number
}

/** The heads of the columns; the one of the bars is a scale. */
export function Ruler({ duration, step }: RulerProps): ReactElement {
  const marks = Array.from({ length: Math.floor(duration / step) + 1 }, (_, place) => place * step)
  return (
    <HeadRow className={css['columns']}>
      <ColumnHead className={css['head']}>Service and operation</ColumnHead>
      <ColumnHead className={css['ruler']} aria-label="Time">
        {marks.map(mark => (
          <span key={mark} style={{ left: `${mark === 0 ? 0 : (mark / duration) * 100}%` }}>
            {formatMark(mark)}
          </span>
        ))}
      </ColumnHead>
    </HeadRow>
  )
}
