import type { Direction, Point } from './placed-graph.ts'

const HEAD_LENGTH = 9
const HEAD_HALF = 4.5

export interface EdgePath {
  /** The line, ending in the middle of its head. */
  readonly line: string
  /** The head: a triangle whose tip is the last point. */
  readonly head: string
}

/**
 * A smooth line through its points, with an arrowhead. It leaves and reaches services along the layers, and swings out
 * no further than its points do.
 */
export function edgePath(points: readonly Point[], direction: Direction): EdgePath {
  // Worked out as if layers went to the right.
  const turned = (point: Point): Point => (direction === 'right' ? point : { x: point.y, y: point.x })
  const places = points.map(turned)
  const tip = places.at(-1) ?? { x: 0, y: 0 }
  const sense = tip.x < (places.at(-2) ?? tip).x ? -1 : 1
  const back = (distance: number, aside: number): Point => ({ x: tip.x - sense * distance, y: tip.y + aside })
  const written = (point: Point): string => text(turned(point))
  const head = [tip, back(HEAD_LENGTH, HEAD_HALF), back(HEAD_LENGTH, -HEAD_HALF)].map(written).join('L')
  const [start, ...steps] = smooth([...places.slice(0, -1), back(HEAD_LENGTH / 2, 0)])
  const line = start === undefined ? '' : `M${written(start)}C${steps.map(written).join(' ')}`
  return { line, head: `M${head}Z` }
}

/** The first point, then two points to steer by and the next one, again and again. */
function smooth(points: readonly Point[]): readonly Point[] {
  const slopes = points.map((point, place) => slope(points[place - 1], point, points[place + 1]))
  return points.flatMap((point, place) => {
    const from = points[place - 1]
    if (from === undefined) return [point]
    const third = (point.x - from.x) / 3
    return [
      { x: from.x + third, y: from.y + third * (slopes[place - 1] ?? 0) },
      { x: point.x - third, y: point.y - third * (slopes[place] ?? 0) },
      point,
    ]
  })
}

/** Level at the ends and where the line turns; else between what is before and behind (the harmonic mean). */
function slope(before: Point | undefined, here: Point, behind: Point | undefined): number {
  if (before === undefined || behind === undefined) return 0
  const one = (here.y - before.y) / (here.x - before.x)
  const other = (behind.y - here.y) / (behind.x - here.x)
  return one * other > 0 && Number.isFinite(one + other) ? (2 * one * other) / (one + other) : 0
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`
}
