import { type ReactElement, useMemo } from 'react'
import type { TraceSearch } from '../../client/query-client.ts'
import type { Micros } from '../../model/micros.ts'
import { axisText } from '../clock-text.ts'
import { formatWhole } from '../count-text.ts'
import { LOOKBACKS, lookbackLabel } from '../lookback.ts'
import { useGo } from '../navigation.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { useFoundTraces } from '../queries.ts'
import { MAX_LIMIT, rangeOf, type SearchState } from '../search-state.ts'
import { type TraceView, traceView } from '../trace-rows.ts'
import { CompareBar } from './compare-bar.tsx'
import { Overview } from './overview.tsx'
import { ResultRow } from './result-row.tsx'
import css from './results.module.css'
import { useOpenedAt } from './use-opened-at.ts'

/** What is found. A search without a range looks back from when it was first shown. */
export function Results({ search }: { readonly search: SearchState }): ReactElement {
  const openedAt = useOpenedAt()
  const asked = useMemo(() => traceSearch(search, openedAt), [search, openedAt])
  const found = useFoundTraces(asked)
  const views = useMemo(
    () => found.data?.map(traceView).toSorted((left, right) => right.start - left.start),
    [found.data],
  )
  if (views === undefined) {
    if (found.error === null) return <Notice tone="loading" title="Searching…" />
    return <Failure title="The search failed" error={found.error} onRetry={found.refetch} />
  }
  if (views.length === 0) return <NothingFound search={search} />
  return <Found search={search} views={views} now={openedAt} />
}

interface FoundProps {
  readonly search: SearchState
  readonly views: readonly TraceView[]
  readonly now: Micros
}

function Found({ search, views, now }: FoundProps): ReactElement {
  const go = useGo()
  const setCohort = (cohort: readonly string[]): void =>
    go({ page: 'search', search: { ...search, cohort } }, { replace: true })
  const longest = Math.max(...views.map(view => view.duration), 1)
  const { from, to } = rangeOf(search, now)
  const cutOff = views.length >= search.limit
  return (
    <>
      <header className={css['head']}>
        <div role="status">
          <h2 className={css['title']}>
            {views.length === 1 ? '1 trace' : `${formatWhole(views.length)} traces`}
          </h2>
        </div>
        <p className={css['range']}>
          {search.range === undefined || search.lookback === 'custom'
            ? lookbackLabel(search.lookback)
            : `${lookbackLabel(search.lookback)}, ${axisText(from, to - from)} to ${axisText(to, to - from)}`}
          , newest first{cutOff && ', as many as the Limit'}
        </p>
        <CompareBar cohort={search.cohort} onClear={() => setCohort([])} />
      </header>
      <Overview views={views} />
      <div className={css['columns']} aria-hidden="true">
        <span>Trace</span>
        <span>Spans</span>
        <span>Errors</span>
        <span>Duration</span>
        <span>Start time</span>
      </div>
      <ol className={css['list']} aria-label="Traces">
        {views.map(view => (
          <ResultRow
            key={view.traceId}
            view={view}
            longest={longest}
            now={now}
            ticked={search.cohort.includes(view.traceId)}
            onTick={ticked => setCohort(toggled(search.cohort, view.traceId, ticked))}
          />
        ))}
      </ol>
      {cutOff && search.limit < MAX_LIMIT && (
        <p className={css['more']}>There may be more traces than the Limit of {search.limit}.</p>
      )}
    </>
  )
}

function NothingFound({ search }: { readonly search: SearchState }): ReactElement {
  const go = useGo()
  const wider = LOOKBACKS.at(-1)
  const canWiden = wider !== undefined && search.lookback !== wider && search.lookback !== 'custom'
  const widen = (): void => {
    const { range: _, ...rest } = search
    if (wider !== undefined) go({ page: 'search', search: { ...rest, lookback: wider } })
  }
  return (
    <Notice
      tone="plain"
      title="No traces found"
      actions={
        canWiden && <Button onClick={widen}>{`Search the ${lookbackLabel(wider).toLowerCase()}`}</Button>
      }
    >
      <p>Nothing in this range has all of what is sought. Widen the Lookback, or leave a condition out.</p>
    </Notice>
  )
}

function traceSearch(search: SearchState, now: Micros): TraceSearch {
  const { service, operation, tags, minDuration, maxDuration, limit } = search
  return {
    ...(service === undefined ? {} : { service }),
    ...(operation === undefined ? {} : { operation }),
    ...(minDuration === undefined ? {} : { minDuration }),
    ...(maxDuration === undefined ? {} : { maxDuration }),
    tags,
    range: rangeOf(search, now),
    limit,
  }
}

function toggled(cohort: readonly string[], id: string, ticked: boolean): readonly string[] {
  const others = cohort.filter(each => each !== id)
  return ticked ? [...others, id] : others
}
