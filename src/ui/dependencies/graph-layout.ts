import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { formatCount } from '../count-text.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface GraphNode {
  readonly service: string
  /** The middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** How often the service called itself; there is no edge for it. */
  readonly ownCalls: number
}

export interface GraphEdge {
  readonly parent: string
  readonly child: string
  readonly calls: number
  /** From the border of one node to that of the other. */
  readonly points: readonly Point[]
  /** The middle of what is written on it. */
  readonly label: Point
}

/** Services in layers, callers before the called, in pixels. */
export interface PlacedGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly width: number
  readonly height: number
}

const NODE_HEIGHT = 40
const MARGIN = 16
/** Of a letter and of all around the name; names longer than the widest node are cut. */
const LETTER = 7.4
const AROUND_NAME = 44
const WIDEST = 240

export function layoutGraph(links: readonly JaegerDependency[], direction: 'right' | 'down'): PlacedGraph {
  const services = servicesOf(links)
  const between = links.filter(link => link.parent !== link.child)
  const graph = layout(unplaced({ services, links: between, direction }))
  const { width = 0, height = 0 } = graph.graph()
  const own = new Map(
    links.filter(link => link.parent === link.child).map(link => [link.parent, link.callCount]),
  )
  const nodes = services.map((service, id) => {
    const { x = 0, y = 0, width, height } = graph.node(String(id))
    return { service, x, y, width, height, ownCalls: own.get(service) ?? 0 }
  })
  const idOf = idsOf(services)
  const edges = between.map(({ parent, child, callCount: calls }) => {
    const { points = [], x = 0, y = 0 } = graph.edge(idOf(parent), idOf(child))
    return { parent, child, calls, points, label: { x, y } }
  })
  return { nodes, edges, width, height }
}

interface Unplaced {
  readonly services: readonly string[]
  readonly links: readonly JaegerDependency[]
  readonly direction: 'right' | 'down'
}

type Layout = Graph<GraphLabel, NodeLabel, EdgeLabel>

function unplaced({ services, links, direction }: Unplaced): Layout {
  const graph: Layout = new Graph()
  const right = direction === 'right'
  graph.setGraph({
    rankdir: right ? 'LR' : 'TB',
    nodesep: right ? 36 : 24,
    ranksep: right ? 48 : 32,
    edgesep: 16,
    marginx: MARGIN,
    marginy: MARGIN,
  })
  services.forEach((service, id) => {
    const width = Math.min(WIDEST, AROUND_NAME + service.length * LETTER)
    graph.setNode(String(id), { width, height: NODE_HEIGHT })
  })
  const idOf = idsOf(services)
  for (const { parent, child, callCount } of links) {
    const width = 20 + formatCount(callCount).length * LETTER
    graph.setEdge(idOf(parent), idOf(child), { width, height: 24, labelpos: 'c' })
  }
  return graph
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
