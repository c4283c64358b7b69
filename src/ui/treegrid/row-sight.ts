import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

interface ShownOptions {
  readonly scroller: RefObject<HTMLElement | null>
  readonly opened: number | undefined
  readonly visible: readonly number[]
  readonly rowHeight: number
}

/** A row that is opened from elsewhere, by the address or a link, comes into sight. */
export function useShown({ scroller, opened, visible, rowHeight }: ShownOptions): void {
  const place = useRef(-1)
  useLayoutEffect(() => {
    place.current = opened === undefined ? -1 : visible.indexOf(opened)
  })
  useLayoutEffect(() => {
    if (opened === undefined || scroller.current === null) return
    bringIntoSight(scroller.current, place.current, rowHeight)
    const row = scroller.current.querySelector('[aria-selected="true"]')
    if (row !== null) scrollPageTo(row)
  }, [scroller, opened, rowHeight])
}

/** What is closed takes the focus along where it had it: the keyboard goes on at the row. */
export function useFocusBack(scroller: RefObject<HTMLElement | null>, opened: number | undefined): void {
  const last = useRef(opened)
  useLayoutEffect(() => {
    const closed = opened === undefined ? last.current : undefined
    last.current = opened
    if (closed === undefined || document.activeElement !== document.body) return
    const row = scroller.current?.querySelector(`[data-index="${closed}"]`)
    const next = row instanceof HTMLElement ? row : scroller.current
    next?.focus({ preventScroll: true })
  }, [scroller, opened])
}

interface GoToOptions {
  readonly scroller: RefObject<HTMLElement | null>
  readonly visible: readonly number[]
  readonly rowHeight: number
  readonly setCursor: (cursor: number) => void
}

/** Moves the keyboard to a row: into sight, then, once it is drawn, into focus. */
export function useGoTo({ scroller, visible, rowHeight, setCursor }: GoToOptions): (index: number) => void {
  const [wanted, setWanted] = useState<{ readonly index: number }>()
  useLayoutEffect(() => {
    if (wanted === undefined) return
    const row = scroller.current?.querySelector(`[data-index="${wanted.index}"]`)
    if (row instanceof HTMLElement) row.focus({ preventScroll: true })
  }, [scroller, wanted])
  return useCallback(
    index => {
      if (scroller.current) bringIntoSight(scroller.current, visible.indexOf(index), rowHeight)
      setCursor(index)
      setWanted({ index })
    },
    [scroller, visible, rowHeight, setCursor],
  )
}

/** Details may lie over the page on a small screen; the style sheet says by the row's margin how much they cover. */
function scrollPageTo(row: Element): void {
  const { top, bottom } = row.getBoundingClientRect()
  const covered = Number.parseFloat(getComputedStyle(row).scrollMarginBottom) || 0
  const below = bottom + covered - document.documentElement.clientHeight
  if (below > 0) scrollBy(0, below)
  else if (top < 0) scrollBy(0, top)
}

function bringIntoSight(scroller: HTMLElement, place: number, rowHeight: number): void {
  if (place < 0) return
  const head = scroller.firstElementChild?.clientHeight ?? 0
  const top = place * rowHeight
  if (top < scroller.scrollTop) scroller.scrollTop = top
  const bottom = top + rowHeight + head
  if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
}
