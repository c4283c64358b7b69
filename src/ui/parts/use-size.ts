import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

export interface Sized<E extends HTMLElement> {
  readonly ref: RefObject<E | null>
  /** 0 until it is drawn for the first time. */
  readonly width: number
}

/** The width that an element has, for a drawing that fills it. */
export function useSize<E extends HTMLElement>(): Sized<E> {
  const ref = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ref, width }
}
