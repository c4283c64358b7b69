import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { formatCount } from '../count-text.ts'
import { placePorts } from './edge-ports.ts'
import type { Direction, GraphEdge, GraphNode, PlacedGraph } from './placed-graph.ts'

export interface LayoutOptions {
  readonly direction: Direction
  /** How wide the name of a service is drawn. */
  readonly nameWidth: (text: string) => number
  /** How wide a number at an edge is drawn. */
  readonly labelWidth: (text: string) => number
}

/** With more calls than these there is no room for their numbers. */
const CALLS_WITH_NUMBERS = 60

const NODE_HEIGHT = 40
const MARGIN = 16
/** Of a node, beside its name. */
const AROUND_NAME = 46
const AROUND_LABEL = 16
const WIDEST_NAME = 220

export function layoutGraph(links: readonly JaegerDependency[], options: LayoutOptions): PlacedGraph {
  const { direction } = options
  const services = servicesOf(links)
  const names = services.map(service => cut(service, options.nameWidth))
  const between = links.filter(link => link.parent !== link.child)
  const graph = layout(unplaced({ services, names, links: between, options }))
  const { width = 0, height = 0 } = graph.graph()
  const own = new Map(
    links.filter(link => link.parent === link.child).map(link => [link.parent, link.callCount]),
  )
  const nodes = services.map((service, id): GraphNode => {
    const { x = 0, y = 0, width, height } = graph.node(String(id))
    return { service, name: names[id] ?? service, x, y, width, height, ownCalls: own.get(service) ?? 0 }
  })
  const idOf = idsOf(services)
  const edges = between.map(({ parent, child, callCount: calls }): GraphEdge => {
    const { points = [], x = 0, y = 0 } = graph.edge(idOf(parent), idOf(child))
    const text = formatCount(calls)
    return { parent, child, calls, points, label: { x, y, text, width: labelBox(text, options) } }
  })
  return {
    direction,
    numbered: hasNumbers(between),
    nodes,
    edges: placePorts(nodes, edges, direction),
    width,
    height,
  }
}

interface Unplaced {
  readonly services: readonly string[]
  readonly names: readonly string[]
  readonly links: readonly JaegerDependency[]
  readonly options: LayoutOptions
}

type Layout = Graph<GraphLabel, NodeLabel, EdgeLabel>

function unplaced({ services, names, links, options }: Unplaced): Layout {
  const graph: Layout = new Graph()
  const right = options.direction === 'right'
  const numbered = hasNumbers(links)
  graph.setGraph({
    rankdir: right ? 'LR' : 'TB',
    nodesep: right ? 32 : 24,
    ranksep: numbered ? (right ? 72 : 36) : 140,
    edgesep: numbered ? 16 : 5,
    marginx: MARGIN,
    marginy: MARGIN,
  })
  names.forEach((name, id) => {
    graph.setNode(String(id), { width: AROUND_NAME + options.nameWidth(name), height: NODE_HEIGHT })
  })
  const idOf = idsOf(services)
  for (const { parent, child, callCount } of links) {
    const box = { width: labelBox(formatCount(callCount), options), height: 22 }
    graph.setEdge(idOf(parent), idOf(child), { ...(numbered ? box : { width: 0, height: 0 }), labelpos: 'c' })
  }
  return graph
}

function hasNumbers(links: readonly JaegerDependency[]): boolean {
  return links.length <= CALLS_WITH_NUMBERS
}

function labelBox(text: string, { labelWidth }: LayoutOptions): number {
  return AROUND_LABEL + labelWidth(text)
}

function cut(service: string, nameWidth: (text: string) => number): string {
  const name = service || 'no service name'
  if (nameWidth(name) <= WIDEST_NAME) return name
  const letters = [...name]
  // However long the name, few lengths are tried.
  let length = Math.min(letters.length, WIDEST_NAME)
  while (length > 1 && nameWidth(`${letters.slice(0, length).join('')}…`) > WIDEST_NAME) length -= 1
  return `${letters.slice(0, length).join('')}…`
}

/** Numbers instead of names, which may be anything. */
function idsOf(services: readonly string[]): (service: string) => string {
  const ids = new Map(services.map((service, id) => [service, String(id)]))
  return service => ids.get(service) ?? ''
}

/** Sorted, so that the same calls always make the same picture. */
function servicesOf(links: readonly JaegerDependency[]): readonly string[] {
  return [...new Set(links.flatMap(link => [link.parent, link.child]))].sort()
}
