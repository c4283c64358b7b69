import { type ReactElement, type ReactNode, useRef } from 'react'
import { PlaceLink } from '../navigation.tsx'
import { EMPTY_SEARCH } from '../search-state.ts'
import { DEPENDENCIES_LOOKBACK, type Place } from '../url.ts'
import css from './frame.module.css'
import { Silence } from './silence.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { TraceLookup } from './trace-lookup.tsx'

const SEARCH: Place = { page: 'search', search: EMPTY_SEARCH }
const ARCHITECTURE: Place = { page: 'dependencies', lookback: DEPENDENCIES_LOOKBACK }

export interface FrameProps {
  readonly place: Place
  readonly children: ReactNode
}

/** What is around every page. */
export function Frame({ place, children }: FrameProps): ReactElement {
  const main = useRef<HTMLElement>(null)
  return (
    <div className={css['frame']}>
      <button type="button" className={css['skip']} onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className={css['header']}>
        <PlaceLink className={css['brand']} to={SEARCH} aria-label="Kiseki, to the search">
          <Mark />
          <span>Kiseki</span>
        </PlaceLink>
        <nav className={css['tabs']} aria-label="Pages">
          <Tab to={SEARCH} here={place.page === 'search'}>
            Search
          </Tab>
          <Tab to={ARCHITECTURE} here={place.page === 'dependencies'}>
            System Architecture
          </Tab>
        </nav>
        <TraceLookup />
        <ThemeToggle />
      </header>
      <main ref={main} tabIndex={-1} className={css['main']}>
        {children}
      </main>
      <Silence />
    </div>
  )
}

interface TabProps {
  readonly to: Place
  readonly here: boolean
  readonly children: string
}

function Tab({ to, here, children }: TabProps): ReactElement {
  return (
    <PlaceLink className={css['tab']} to={to} aria-current={here ? 'page' : undefined}>
      {children}
    </PlaceLink>
  )
}

function Mark(): ReactElement {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className={css['mark']}>
      <rect width="24" height="24" rx="6" />
      <path d="M5 7.5h9M8.5 12h9M13 16.5h5" />
    </svg>
  )
}
