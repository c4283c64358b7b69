import { lazy, type ReactElement, Suspense, useEffect } from 'react'
import { ComparePage } from './compare/compare-page.tsx'
import { ErrorBoundary } from './frame/error-boundary.tsx'
import { Frame } from './frame/frame.tsx'
import { PlaceLink, useGo, usePlace } from './navigation.tsx'
import { Notice } from './parts/notice.tsx'
import { SearchPage } from './search/search-page.tsx'
import { EMPTY_SEARCH } from './search-state.ts'
import { TracePage } from './trace/trace-page.tsx'
import { type Place, placeUrl } from './url.ts'

const SEARCH: Place = { page: 'search', search: EMPTY_SEARCH }

/** With the graph comes a library for its layout, which no other page needs. */
const DependenciesPage = lazy(() =>
  import('./dependencies/dependencies-page.tsx').then(page => ({ default: page.DependenciesPage })),
)

export function App(): ReactElement {
  const place = usePlace()
  return (
    <Frame place={place}>
      <ErrorBoundary page={placeUrl(place)}>
        <Suspense fallback={<Notice tone="loading" title="Loading…" whole />}>
          <Page place={place} />
        </Suspense>
      </ErrorBoundary>
    </Frame>
  )
}

function Page({ place }: { readonly place: Place }): ReactElement {
  switch (place.page) {
    case 'home':
      return <ToTheSearch />
    case 'search':
      return <SearchPage search={place.search} />
    case 'trace':
      return <TracePage place={place} />
    case 'compare':
      return <ComparePage place={place} />
    case 'dependencies':
      return <DependenciesPage place={place} />
    case 'unknown':
      return <NotHere />
  }
}

function ToTheSearch(): null {
  const go = useGo()
  useEffect(() => go(SEARCH, { replace: true }), [go])
  return null
}

function NotHere(): ReactElement {
  return (
    <>
      <title>No such page – Kiseki</title>
      <Notice tone="plain" title="There is no page at this address" whole>
        <PlaceLink to={SEARCH}>To the search</PlaceLink>
      </Notice>
    </>
  )
}
