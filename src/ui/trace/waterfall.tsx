import { type ReactElement, useMemo } from 'react'
import { lengthStep } from '../axis.ts'
import { Button } from '../parts/button.tsx'
import { ServiceList } from '../parts/service-list.tsx'
import { useMedia, WIDE } from '../parts/use-media.ts'
import type { SpanRow, TraceView } from '../trace-rows.ts'
import { TreeGrid } from '../treegrid/tree-grid.tsx'
import { useFolding } from '../treegrid/use-folding.ts'
import { Ruler } from './ruler.tsx'
import { SpanCells } from './span-cells.tsx'
import css from './waterfall.module.css'

export interface WaterfallProps {
  readonly view: TraceView
  readonly opened: number | undefined
  readonly onOpen: (row: SpanRow) => void
  readonly onClose: () => void
}

/** In the legend; every row names its service too. */
const SERVICES_SHOWN = 12

export function Waterfall({ view, opened, onOpen, onClose }: WaterfallProps): ReactElement {
  const wide = useMedia(WIDE)
  const { folded, fold, foldAll, unfoldAll } = useFolding(view.rows)
  const canFold = useMemo(() => view.rows.some(row => row.children > 0), [view.rows])
  const step = lengthStep(view.duration, wide ? 5 : 3)
  const share = view.duration > step ? (step / view.duration) * 100 : 100
  return (
    <section className={css['waterfall']} aria-label="Timeline" style={{ '--step': `${share}%` }}>
      <div className={css['tools']}>
        <ServiceList services={view.services} most={SERVICES_SHOWN} />
        {canFold && (
          <div className={css['buttons']}>
            <Button look="quiet" onClick={unfoldAll}>
              Expand all
            </Button>
            <Button look="quiet" onClick={foldAll}>
              Collapse all
            </Button>
          </div>
        )}
      </div>
      <TreeGrid
        label="Spans"
        rows={view.rows}
        folded={folded}
        onFold={fold}
        rowHeight={wide ? 30 : 46}
        head={<Ruler duration={view.duration} step={step} />}
        cells={(row, toggle) => (
          <SpanCells row={row} duration={view.duration} folded={folded.has(row.index)} onToggle={toggle} />
        )}
        opened={opened}
        onOpen={onOpen}
        onClose={onClose}
      />
    </section>
  )
}
