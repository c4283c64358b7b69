import { type ComponentPropsWithRef, type MouseEvent, type ReactElement, useCallback, useMemo } from 'react'
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location'
import { useEnvironment } from './environment.ts'
import { type Place, placeUrl, readPlace } from './url.ts'

interface GoOptions {
  /** Takes the place of the current address, so that Back skips it. */
  readonly replace?: boolean
}

export type Go = (place: Place, options?: GoOptions) => void

/** Where the reader is, from the address; renders again when it changes. */
export function usePlace(): Place {
  const { basePath } = useEnvironment()
  const pathname = usePathname()
  const search = useSearch()
  return useMemo(() => {
    const inside = pathname === basePath || pathname.startsWith(`${basePath}/`)
    const path = inside ? pathname.slice(basePath.length) : pathname
    return readPlace(path, search.replace(/^\?/, ''))
  }, [basePath, pathname, search])
}

export function useGo(): Go {
  const { basePath } = useEnvironment()
  return useCallback<Go>(
    (place, { replace = false } = {}) =>
      navigate(basePath + placeUrl(place), { replace, state: replace ? history.state : null }),
    [basePath],
  )
}

export interface PlaceLinkProps extends Omit<ComponentPropsWithRef<'a'>, 'href'> {
  readonly to: Place
}

/** A real link, so that it can be copied and opened in a new tab; a plain click stays in the page. */
export function PlaceLink({ to, onClick, ...rest }: PlaceLinkProps): ReactElement {
  const { basePath } = useEnvironment()
  const go = useGo()
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    if (event.defaultPrevented || !isPlainClick(event)) return
    event.preventDefault()
    go(to)
    window.scrollTo(0, 0)
  }
  return <a {...rest} href={basePath + placeUrl(to)} onClick={follow} />
}

/** One without a key that makes browsers open a tab, a window or a download. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}
