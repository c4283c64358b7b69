export interface Point {
  readonly x: number
  readonly y: number
}

export interface GraphNode {
  readonly service: string
  /** The service, cut where it is longer than the widest node. */
  readonly name: string
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
  /** From the border of one node to that of the other, through the label. */
  readonly points: readonly Point[]
  readonly label: GraphLabelBox
}

interface GraphLabelBox extends Point {
  readonly text: string
  readonly width: number
}

export type Direction = 'right' | 'down'

/** Services in layers, callers before the called, in pixels. */
export interface PlacedGraph {
  readonly direction: Direction
  /** Whether the numbers at all edges can be read. */
  readonly numbered: boolean
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly width: number
  readonly height: number
}
