import type { KeyboardEvent, ReactElement } from 'react'
import { formatCount, formatWhole } from '../count-text.ts'
import { useSize } from '../parts/use-size.ts'
import { serviceColor } from '../service-color.ts'
import { edgePath } from './edge-path.ts'
import type { Direction, GraphEdge, GraphNode, PlacedGraph } from './placed-graph.ts'
import css from './service-graph.module.css'
import { useInSight } from './use-in-sight.ts'

export interface ServiceGraphProps {
  readonly graph: PlacedGraph
  /** What does not touch it is dimmed. */
  readonly focus: string | undefined
  readonly onFocus: (service: string | undefined) => void
}

/**
 * A small graph is enlarged to fill the room, a large one made smaller, as far as it can be read; then it
 * scrolls. The style sheet gives the same room.
 */
const LARGEST = 1.3
const SMALLEST = 0.75

export function ServiceGraph({ graph, focus, onFocus }: ServiceGraphProps): ReactElement {
  const near = new Set(
    graph.edges.flatMap(({ parent, child }) => (parent === focus || child === focus ? [parent, child] : [])),
  )
  const { ref, width } = useSize<HTMLDivElement>()
  const room = Math.max(384, window.innerHeight - 256)
  const zoom = Math.min(LARGEST, Math.max(SMALLEST, Math.min(width / graph.width, room / graph.height)))
  useInSight({ scroller: ref, graph, zoom, focus })
  const most = Math.max(...graph.edges.map(edge => edge.calls), 1)
  return (
    <div ref={ref} className={css['graph']}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons that is drawn */}
      <svg
        width={graph.width * zoom}
        height={graph.height * zoom}
        viewBox={`0 0 ${graph.width} ${graph.height}`}
        role="group"
        aria-label={`Graph of ${graph.nodes.length} services. The table below says the same.`}
      >
        {graph.edges.map(edge => (
          <Edge
            key={JSON.stringify([edge.parent, edge.child])}
            edge={edge}
            most={most}
            direction={graph.direction}
            numbered={graph.numbered}
            dimmed={focus !== undefined && edge.parent !== focus && edge.child !== focus}
          />
        ))}
        {graph.nodes.map(node => (
          <Node
            key={node.service}
            node={node}
            focused={node.service === focus}
            dimmed={focus !== undefined && node.service !== focus && !near.has(node.service)}
            onFocus={() => onFocus(node.service === focus ? undefined : node.service)}
          />
        ))}
      </svg>
    </div>
  )
}

interface EdgeProps {
  readonly edge: GraphEdge
  /** Calls of the busiest edge. */
  readonly most: number
  readonly direction: Direction
  readonly numbered: boolean
  readonly dimmed: boolean
}

function Edge({ edge, most, direction, numbered, dimmed }: EdgeProps): ReactElement {
  const { line, head } = edgePath(edge.points, direction)
  const { label } = edge
  return (
    <g className={css['edge']} data-dimmed={dimmed || undefined}>
      <title>{`${edge.parent} called ${edge.child} ${formatWhole(edge.calls)} times`}</title>
      <path className={css['line']} d={line} strokeWidth={1 + 1.6 * Math.sqrt(edge.calls / most)} />
      <path className={css['arrow']} d={head} />
      {numbered && (
        <g transform={`translate(${label.x} ${label.y})`}>
          <rect x={-label.width / 2} y="-10" width={label.width} height="20" rx="10" />
          <text textAnchor="middle" dy="0.34em">
            {label.text}
          </text>
        </g>
      )}
    </g>
  )
}

interface NodeProps {
  readonly node: GraphNode
  readonly focused: boolean
  readonly dimmed: boolean
  readonly onFocus: () => void
}

function Node({ node, focused, dimmed, onFocus }: NodeProps): ReactElement {
  const { service, width, height, ownCalls } = node
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onFocus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button inside of an SVG
    <g
      className={css['node']}
      role="button"
      tabIndex={0}
      aria-label={service || 'no service name'}
      aria-pressed={focused}
      data-dimmed={dimmed || undefined}
      transform={`translate(${node.x - width / 2} ${node.y - height / 2})`}
      onClick={onFocus}
      onKeyDown={onKeyDown}
    >
      <title>{service}</title>
      <rect className={css['box']} width={width} height={height} rx="8" />
      <rect x="14" y={height / 2 - 5} width="10" height="10" rx="3" style={{ fill: serviceColor(service) }} />
      <text x="32" y={height / 2} dy="0.34em">
        {node.name}
      </text>
      {ownCalls > 0 && (
        <text className={css['own']} x={width} y={height + 14} textAnchor="end">
          {`↻ ${formatCount(ownCalls)}`}
        </text>
      )}
    </g>
  )
}
