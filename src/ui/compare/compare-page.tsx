import { type ReactElement, useMemo } from 'react'
import { useGo } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { Notice } from '../parts/notice.tsx'
import { useTraces } from '../queries.ts'
import { type TraceView, traceView } from '../trace-rows.ts'
import type { ComparePlace } from '../url.ts'
import { CallTable } from './call-table.tsx'
import { callTree } from './call-tree.ts'
import css from './compare-page.module.css'
import { CompareSide } from './compare-side.tsx'
import { verdict } from './verdict.ts'

export function ComparePage({ place }: { readonly place: ComparePlace }): ReactElement {
  const go = useGo()
  const { a, b, cohort } = place
  const ids = useMemo(() => [...new Set([a, b, ...cohort].filter(id => id !== undefined))], [a, b, cohort])
  const traces = useTraces(ids)
  const viewOf = useViews(traces)
  const sides = {
    a: a === undefined ? undefined : viewOf.get(a),
    b: b === undefined ? undefined : viewOf.get(b),
  }
  const scale = Math.max(sides.a?.duration ?? 0, sides.b?.duration ?? 0)
  const side = (which: 'a' | 'b'): ReactElement => (
    <CompareSide
      side={which}
      id={place[which]}
      view={sides[which]}
      error={traces.find(trace => trace.id === place[which])?.error ?? null}
      choices={ids.map(id => ({ id, view: viewOf.get(id) }))}
      scale={scale}
      onChoose={id => go({ ...place, [which]: id }, { replace: true })}
    />
  )
  return (
    <div className={css['page']}>
      <title>{`Compare ${short(a)} and ${short(b)} – Kiseki`}</title>
      <h1 className={css['title']}>Compare traces</h1>
      <div className={css['sides']}>
        {side('a')}
        <Swap place={place} />
        {side('b')}
      </div>
      {sides.a && sides.b ? (
        <Comparison a={sides.a} b={sides.b} />
      ) : (
        (a === undefined || b === undefined) && (
          <Notice tone="plain" title="One more trace, and they are compared">
            <p>Enter the ID of a trace, or tick traces in the search and press Compare.</p>
          </Notice>
        )
      )}
    </div>
  )
}

function Comparison({ a, b }: { readonly a: TraceView; readonly b: TraceView }): ReactElement {
  const rows = useMemo(() => callTree(a, b), [a, b])
  return (
    <>
      <p className={css['verdict']} role="status">
        {verdict(a, b)}
      </p>
      <CallTable key={`${a.traceId} ${b.traceId}`} rows={rows} />
    </>
  )
}

function Swap({ place }: { readonly place: ComparePlace }): ReactElement {
  const go = useGo()
  const { a, b, cohort } = place
  const swap = (): void =>
    go(
      {
        page: 'compare',
        ...(b === undefined ? {} : { a: b }),
        ...(a === undefined ? {} : { b: a }),
        cohort,
      },
      { replace: true },
    )
  return (
    <div className={css['swap']}>
      <Button onClick={swap} aria-label="Swap A and B" title="Swap A and B">
        ⇄
      </Button>
    </div>
  )
}

type Loaded = ReturnType<typeof useTraces>

function useViews(traces: Loaded): ReadonlyMap<string, TraceView> {
  return useMemo(
    () => new Map(traces.flatMap(({ id, data }) => (data ? [[id, traceView(data)] as const] : []))),
    [traces],
  )
}

function short(id: string | undefined): string {
  return id?.slice(0, 7) ?? '…'
}
