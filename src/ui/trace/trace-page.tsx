import { type ReactElement, useCallback, useEffect, useMemo } from 'react'
import { useGo } from '../navigation.tsx'
import { Failure } from '../parts/failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { useTrace } from '../queries.ts'
import { type TraceView, traceName, traceView } from '../trace-rows.ts'
import type { TracePlace } from '../url.ts'
import { SpanDetails } from './span-details.tsx'
import { TraceHeader } from './trace-header.tsx'
import css from './trace-page.module.css'
import { Waterfall } from './waterfall.tsx'

export function TracePage({ place }: { readonly place: TracePlace }): ReactElement {
  const trace = useTrace(place.id)
  const view = useMemo(() => trace.data && traceView(trace.data), [trace.data])
  useCanonicalAddress(place, view?.traceId)
  if (view === undefined) {
    return trace.error ? (
      <>
        <title>Trace – Kiseki</title>
        <Failure
          whole
          title={`The trace ${place.id} could not be read`}
          error={trace.error}
          onRetry={trace.refetch}
        />
      </>
    ) : (
      <>
        <title>Trace – Kiseki</title>
        <Notice tone="loading" title="Loading…" whole />
      </>
    )
  }
  return <TraceBody key={view.traceId} view={view} place={place} />
}

/** An id may be written in other ways: padded, in upper case. The address takes the one that the server uses. */
function useCanonicalAddress(place: TracePlace, traceId: string | undefined): void {
  const go = useGo()
  useEffect(() => {
    if (traceId !== undefined && traceId !== place.id) go({ ...place, id: traceId }, { replace: true })
  }, [go, place, traceId])
}

function TraceBody({ view, place }: { readonly view: TraceView; readonly place: TracePlace }): ReactElement {
  const go = useGo()
  const { service, operation } = traceName(view)
  const opened = useMemo(
    () => (place.span === undefined ? undefined : view.rows.find(row => row.span.spanID === place.span)),
    [view, place.span],
  )
  const show = useCallback(
    (span: string | undefined) => {
      go({ page: 'trace', id: view.traceId, ...(span === undefined ? {} : { span }) }, { replace: true })
    },
    [go, view.traceId],
  )
  return (
    <div className={css['page']}>
      <title>{`${service}: ${operation} · ${view.traceId.slice(0, 7)} – Kiseki`}</title>
      <TraceHeader view={view} />
      <div className={css['body']} data-details={opened !== undefined || undefined}>
        <Waterfall
          view={view}
          opened={opened?.index}
          onOpen={row => show(row === opened ? undefined : row.span.spanID)}
          onClose={() => show(undefined)}
        />
        {opened && <SpanDetails row={opened} view={view} onClose={() => show(undefined)} />}
      </div>
    </div>
  )
}
