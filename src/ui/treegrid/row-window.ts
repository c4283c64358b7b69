import { type RefObject, useLayoutEffect, useState } from 'react'

/** The rows that are drawn: from `first` up to `end − 1`, places among the visible ones. */
export interface RowWindow {
  readonly first: number
  readonly end: number
  /** Rows that fit between the head and the lower edge. */
  readonly page: number
}

/** Rows drawn beyond either edge, so that a scroll finds them there. */
const BEYOND = 12

export interface RowWindowOptions {
  readonly scroller: RefObject<HTMLElement | null>
  readonly rows: number
  readonly rowHeight: number
}

/** Follows the scrolling; renders again only when other rows come into sight. */
export function useRowWindow({ scroller, rows, rowHeight }: RowWindowOptions): RowWindow {
  const [seen, setSeen] = useState({ first: 0, page: 40 })
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const look = (): void => {
      const first = Math.floor(element.scrollTop / rowHeight)
      const page = Math.ceil(element.clientHeight / rowHeight)
      setSeen(before => (before.first === first && before.page === page ? before : { first, page }))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller, rowHeight])
  return {
    first: Math.max(0, Math.min(seen.first, rows) - BEYOND),
    end: Math.min(rows, seen.first + seen.page + BEYOND),
    page: seen.page,
  }
}
