import type { KeyboardEvent, ReactElement } from 'react'
import { formatCount } from '../count-text.ts'
import { useSize } from '../parts/use-size.ts'
import { serviceColor } from '../service-color.ts'
import { edgePath } from './edge-path.ts'
import type { GraphEdge, GraphNode, PlacedGraph } from './graph-layout.ts'
import css from './service-graph.module.css'

export interface ServiceGraphProps {
  readonly graph: PlacedGraph
  /** What does not touch it is dimmed. */
  readonly focus: string | undefined
  readonly onFocus: (service: string | undefined) => void
}

/** A small graph is enlarged to fill the room, as far as it looks well; a large one scrolls. */
const LARGEST = 1.3

export function ServiceGraph({ graph, focus, onFocus }: ServiceGraphProps): ReactElement {
  const near = new Set(
    graph.edges.flatMap(({ parent, child }) => (parent === focus || child === focus ? [parent, child] : [])),
  )
  const { ref, width } = useSize<HTMLDivElement>()
  const zoom = Math.min(LARGEST, Math.max(1, width / graph.width))
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
  readonly dimmed: boolean
}

function Edge({ edge, most, dimmed }: EdgeProps): ReactElement {
  const { line, head } = edgePath(edge.points)
  const label = formatCount(edge.calls)
  const width = 12 + label.length * 7.5
  return (
    <g className={css['edge']} data-dimmed={dimmed || undefined}>
      <title>{`${edge.parent} called ${edge.child} ${edge.calls} times`}</title>
      <path className={css['line']} d={line} strokeWidth={1.2 + 2 * Math.sqrt(edge.calls / most)} />
      <path className={css['arrow']} d={head} />
      <g transform={`translate(${edge.label.x} ${edge.label.y})`}>
        <rect x={-width / 2} y="-10" width={width} height="20" rx="10" />
        <text textAnchor="middle" dy="0.34em">
          {label}
        </text>
      </g>
    </g>
  )
}

interface NodeProps {
  readonly node: GraphNode
  readonly focused: boolean
  readonly dimmed: boolean
  readonly onFocus: () => void
}

const LETTERS = 27

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
      aria-label={service}
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
        {service.length > LETTERS ? `${service.slice(0, LETTERS - 1)}…` : service}
      </text>
      {ownCalls > 0 && (
        <text className={css['own']} x={width} y={height + 14} textAnchor="end">
          {`↻ ${formatCount(ownCalls)}`}
        </text>
      )}
    </g>
  )
}
