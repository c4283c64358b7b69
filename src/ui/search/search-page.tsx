import type { ReactElement } from 'react'
import { Failure } from '../parts/failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { WaitingForSpans } from '../parts/waiting-for-spans.tsx'
import { useServices } from '../queries.ts'
import type { SearchState } from '../search-state.ts'
import { placeUrl } from '../url.ts'
import { Results } from './results.tsx'
import { SearchForm } from './search-form.tsx'
import css from './search-page.module.css'

export function SearchPage({ search }: { readonly search: SearchState }): ReactElement {
  const services = useServices()
  // Ticking a trace changes the address, but neither what is typed nor what was found.
  const key = placeUrl({ page: 'search', search: { ...search, cohort: [] } })
  return (
    <div className={css['page']}>
      <title>{`${search.service ?? 'Search'} – Kiseki`}</title>
      <aside className={css['side']}>
        <h1 className={css['title']}>Find traces</h1>
        <SearchForm key={key} search={search} services={services.data ?? []} />
      </aside>
      <div className={css['content']}>
        {services.data === undefined ? (
          <NoServices error={services.error} onRetry={services.refetch} />
        ) : services.data.length === 0 ? (
          <WaitingForSpans />
        ) : (
          <Results key={key} search={search} />
        )}
      </div>
    </div>
  )
}

interface NoServicesProps {
  readonly error: unknown
  readonly onRetry: () => unknown
}

function NoServices({ error, onRetry }: NoServicesProps): ReactElement {
  if (error === null) return <Notice tone="loading" title="Loading…" />
  return <Failure title="The services could not be read" error={error} onRetry={onRetry} />
}
