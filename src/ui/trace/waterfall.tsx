import { type ReactElement, useMemo } from 'react'
import { Button } from '../parts/button.tsx'
import { ServiceName } from '../parts/service-name.tsx'
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

export function Waterfall({ view, opened, onOpen, onClose }: WaterfallProps): ReactElement {
  const wide = useMedia(WIDE)
  const { folded, fold, foldAll, unfoldAll } = useFolding(view.rows)
  const canFold = useMemo(() => view.rows.some(row => row.children > 0), [view.rows])
  return (
    <section className={css['waterfall']} aria-label="Timeline">
      <div className={css['tools']}>
        <ul className={css['services']} aria-label="Services">
          {view.services.map(each => (
            <li key={each.service}>
              <ServiceName service={each.service} count={each.spans} />
            </li>
          ))}
        </ul>
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
        head={<Ruler duration={view.duration} steps={wide ? 4 : 2} />}
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
