import type { ReactElement } from 'react'
import { serviceColor } from '../service-color.ts'
import type { TraceView } from '../trace-rows.ts'
import css from './compare-page.module.css'

const WIDTH = 1000
const HEIGHT = 64
/** More would be thinner than a pixel. */
const LINES = 160

export interface MiniWaterfallProps {
  readonly view: TraceView
  /** The duration that fills the width. */
  readonly scale: number
}

/** The shape of a trace at a glance. The facts and the table beside it say the same in words. */
export function MiniWaterfall({ view, scale }: MiniWaterfallProps): ReactElement {
  const step = Math.max(1, Math.ceil(view.rows.length / LINES))
  const shown = view.rows.filter(row => row.index % step === 0)
  const line = HEIGHT / Math.max(shown.length, 6)
  const x = (micros: number): number => (scale > 0 ? (micros / scale) * WIDTH : 0)
  return (
    <svg
      className={css['mini']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {shown.map((row, place) => (
        <rect
          key={row.index}
          x={x(row.offset)}
          y={place * line}
          width={Math.max(3, x(row.span.duration))}
          height={Math.max(1, line * 0.72)}
          style={{ fill: row.error ? 'var(--error)' : serviceColor(row.service) }}
        />
      ))}
    </svg>
  )
}
