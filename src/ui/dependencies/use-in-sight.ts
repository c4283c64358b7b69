import { type RefObject, useLayoutEffect } from 'react'
import type { PlacedGraph } from './placed-graph.ts'

interface InSight {
  readonly scroller: RefObject<HTMLElement | null>
  readonly graph: PlacedGraph
  readonly zoom: number
  readonly focus: string | undefined
}

/** A graph that is larger than its room is scrolled: to the middle of its first layer, or to the service looked at. */
export function useInSight({ scroller, graph, zoom, focus }: InSight): void {
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    if (graph.direction === 'right') element.scrollTop = (element.scrollHeight - element.clientHeight) / 2
    else element.scrollLeft = (element.scrollWidth - element.clientWidth) / 2
  }, [scroller, graph])
  useLayoutEffect(() => {
    const element = scroller.current
    const node = graph.nodes.find(each => each.service === focus)
    if (element === null || node === undefined) return
    const { clientWidth: width, clientHeight: height, scrollLeft: left, scrollTop: top } = element
    const [x, y] = [node.x * zoom, node.y * zoom]
    if (x < left || x > left + width) element.scrollLeft = x - width / 2
    if (y < top || y > top + height) element.scrollTop = y - height / 2
  }, [scroller, graph, zoom, focus])
}
