import { useCallback, useSyncExternalStore } from 'react'

/** Room for two columns side by side in a row of a tree. The style sheets use the same width. */
export const WIDE = '(min-width: 721px)'

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
