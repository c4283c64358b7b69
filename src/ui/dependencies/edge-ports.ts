import type { Direction, GraphEdge, GraphNode, Point } from './placed-graph.ts'

/** Between two edges that touch the same side of a node. */
const APART = 11
const CORNER = 10

interface End {
  readonly edge: number
  readonly outgoing: boolean
  readonly node: GraphNode
  /** The next point that the edge goes through. */
  readonly next: Point
  /** Whether it is on the side that the layers go to. */
  readonly ahead: boolean
}

/**
 * Moves both ends of every edge to the sides of the nodes that layers face, side by side in the order of where they
 * come from, so that lines neither touch corners nor cross one another there.
 */
export function placePorts(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  direction: Direction,
): readonly GraphEdge[] {
  const right = direction === 'right'
  const along = (point: Point): number => (right ? point.x : point.y)
  const across = (point: Point): number => (right ? point.y : point.x)
  const nodeOf = new Map(nodes.map(node => [node.service, node]))
  const ends = edges.flatMap(({ parent, child, points }, edge): End[] =>
    [
      { service: parent, outgoing: true, next: points[1] },
      { service: child, outgoing: false, next: points.at(-2) },
    ].flatMap(({ service, outgoing, next }) => {
      const node = nodeOf.get(service)
      return node && next ? [{ edge, outgoing, node, next, ahead: along(next) > along(node) }] : []
    }),
  )
  const ports = new Map<string, Point>()
  for (const side of Map.groupBy(ends, end => `${end.ahead} ${end.node.service}`).values()) {
    const inOrder = side.toSorted((one, other) => across(one.next) - across(other.next))
    inOrder.forEach(({ edge, outgoing, node, ahead }, place) => {
      const room = (right ? node.height : node.width) - 2 * CORNER
      const apart = Math.min(APART, room / Math.max(1, side.length - 1))
      const aside = (place - (side.length - 1) / 2) * apart
      const out = ((right ? node.width : node.height) / 2) * (ahead ? 1 : -1)
      const port = right ? { x: node.x + out, y: node.y + aside } : { x: node.x + aside, y: node.y + out }
      ports.set(`${edge} ${outgoing}`, port)
    })
  }
  return edges.map((edge, place) => {
    const [first, last] = [ports.get(`${place} true`), ports.get(`${place} false`)]
    if (first === undefined || last === undefined) return edge
    return { ...edge, points: [first, ...edge.points.slice(1, -1), last] }
  })
}
