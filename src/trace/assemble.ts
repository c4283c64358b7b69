import type { Span } from '../model/span.ts'
import { SpanIndex } from './span-index.ts'

export interface TraceNode {
  readonly span: Span
  readonly parent: TraceNode | undefined
  /** By start; spans without one come last. */
  readonly children: readonly TraceNode[]
  /** 0 for a root. */
  readonly depth: number
  /** A root that names a parent: it is not in the trace, or is itself below this span. */
  readonly isOrphan: boolean
}

export interface TraceTree {
  /** By start. */
  readonly roots: readonly TraceNode[]
  /** Every span once, parents before their children, and each child's own below it: the rows of a waterfall. */
  readonly nodes: readonly TraceNode[]
  readonly orphans: readonly TraceNode[]
}

interface GrowingNode extends TraceNode {
  parent: GrowingNode | undefined
  readonly children: GrowingNode[]
  depth: number
  isOrphan: boolean
}

/**
 * Makes the tree of a trace, adjusted or not, in time n log n and without recursion. Every span is in it: one that
 * is below itself is made a root, the earliest of its circle.
 */
export function assemble(spans: readonly Span[]): TraceTree {
  const nodes = growNodes(spans)
  cutCircles(nodes)
  const roots: GrowingNode[] = []
  for (const node of nodes) {
    if (node.parent === undefined) {
      roots.push(node)
      node.isOrphan = node.span.parentId !== undefined
    } else node.parent.children.push(node)
  }
  const rows = [...walkDown(roots)]
  return { roots, nodes: rows, orphans: roots.filter(root => root.isOrphan) }
}

/** By start, each with its parent, as yet without children. */
function growNodes(spans: readonly Span[]): readonly GrowingNode[] {
  const index = new SpanIndex(spans)
  const nodes = new Map<Span, GrowingNode>()
  const sorted = spans.toSorted((left, right) => startOf(left) - startOf(right))
  const all = sorted.map(span => {
    const node: GrowingNode = { span, parent: undefined, children: [], depth: 0, isOrphan: false }
    nodes.set(span, node)
    return node
  })
  for (const node of all) {
    const parent = index.parentOf(node.span)
    if (parent !== undefined) node.parent = nodes.get(parent)
  }
  return all
}

function startOf(span: Span): number {
  return span.start === 0 ? Number.MAX_VALUE : span.start
}

/** Walks up from every node until it meets a known way; one that meets itself loses its parent. */
function cutCircles(nodes: readonly GrowingNode[]): void {
  const walks = new Map<GrowingNode, GrowingNode>()
  for (const start of nodes) {
    let node: GrowingNode | undefined = start
    while (node !== undefined && !walks.has(node)) {
      walks.set(node, start)
      node = node.parent
    }
    if (node !== undefined && walks.get(node) === start) earliestOfCircle(node).parent = undefined
  }
}

function earliestOfCircle(member: GrowingNode): GrowingNode {
  let earliest = member
  for (let node = member.parent; node !== undefined && node !== member; node = node.parent) {
    if (startOf(node.span) < startOf(earliest.span)) earliest = node
  }
  return earliest
}

function* walkDown(roots: readonly GrowingNode[]): Generator<GrowingNode> {
  const waiting = roots.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    node.depth = node.parent === undefined ? 0 : node.parent.depth + 1
    yield node
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at]
      if (child !== undefined) waiting.push(child)
    }
  }
}
