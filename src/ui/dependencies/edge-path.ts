import type { Point } from './graph-layout.ts'

const HEAD_LENGTH = 9
const HEAD_HALF = 4.5

export interface EdgePath {
  /** The line, ending in the middle of its head. */
  readonly line: string
  /** The head: a triangle whose tip is the last point. */
  readonly head: string
}

/** A smooth line through the middles between its points, with an arrowhead. */
export function edgePath(points: readonly Point[]): EdgePath {
  const tip = points.at(-1) ?? { x: 0, y: 0 }
  const before = points.at(-2) ?? tip
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1
  const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length }
  const back = (distance: number, aside: number): Point => ({
    x: tip.x - along.x * distance - along.y * aside,
    y: tip.y - along.y * distance + along.x * aside,
  })
  const head = [tip, back(HEAD_LENGTH, HEAD_HALF), back(HEAD_LENGTH, -HEAD_HALF)].map(text).join('L')
  return { line: smooth([...points.slice(0, -1), back(HEAD_LENGTH / 2, 0)]), head: `M${head}Z` }
}

function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points
  const last = rest.pop()
  if (first === undefined || last === undefined) return ''
  const bends = rest.map((point, place) => `Q${text(point)} ${text(middle(point, rest[place + 1] ?? last))}`)
  return `M${text(first)}${bends.join('')}L${text(last)}`
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`
}
