import { describe, expect, it } from 'vitest'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { edgePath } from './edge-path.ts'
import { layoutGraph as layout } from './graph-layout.ts'
import type { Direction, PlacedGraph } from './placed-graph.ts'

const call = (parent: string, child: string, callCount = 1): JaegerDependency => ({
  parent,
  child,
  callCount,
})

const letters = (text: string): number => text.length * 8
const layoutGraph = (links: readonly JaegerDependency[], direction: Direction): PlacedGraph =>
  layout(links, { direction, nameWidth: letters, labelWidth: letters })

describe('the layout of services', () => {
  it('puts callers before the called', () => {
    const { nodes } = layoutGraph([call('b', 'c'), call('a', 'b'), call('a', 'c')], 'right')
    const x = Object.fromEntries(nodes.map(node => [node.service, node.x]))
    expect(x['a']).toBeLessThan(x['b'] ?? 0)
    expect(x['b']).toBeLessThan(x['c'] ?? 0)
    const down = layoutGraph([call('a', 'b')], 'down').nodes.map(node => node.y)
    expect(down[0]).toBeLessThan(down[1] ?? 0)
  })

  it('keeps every call, also both ways, in circles, and of a service to itself', () => {
    const { nodes, edges } = layoutGraph([call('a', 'b', 7), call('b', 'a', 3), call('b', 'b', 2)], 'right')
    expect(edges.map(edge => [edge.parent, edge.child, edge.calls])).toEqual([
      ['a', 'b', 7],
      ['b', 'a', 3],
    ])
    expect(edges.every(edge => edge.points.length >= 2)).toBe(true)
    expect(nodes.map(node => [node.service, node.ownCalls])).toEqual([
      ['a', 0],
      ['b', 2],
    ])
  })

  it('stays within its size, whatever services are called', () => {
    const { nodes, width, height } = layoutGraph([call('__proto__', 'x'.repeat(200)), call('', 'b')], 'right')
    expect(nodes).toHaveLength(4)
    for (const node of nodes) {
      expect(node.x - node.width / 2).toBeGreaterThanOrEqual(0)
      expect(node.x + node.width / 2).toBeLessThanOrEqual(width)
      expect(node.y + node.height / 2).toBeLessThanOrEqual(height)
    }
  })

  it.each([
    ['right', 'x', 'y', 'width', 'height'],
    ['down', 'y', 'x', 'height', 'width'],
  ] as const)('lets calls touch nodes in the middle of the sides that layers face (%s)', (...names) => {
    const [direction, along, across, length, breadth] = names
    const links = [call('a', 'c'), call('b', 'c'), call('c', 'd'), call('d', 'a'), call('a', 'd')]
    const { nodes, edges } = layoutGraph(links, direction)
    for (const { parent, child, points } of edges) {
      for (const [service, end] of [
        [parent, points[0]],
        [child, points.at(-1)],
      ] as const) {
        const node = nodes.find(each => each.service === service)
        if (node === undefined || end === undefined) throw new Error(`no end at ${service}`)
        expect(Math.abs(end[along] - node[along])).toBeCloseTo(node[length] / 2)
        expect(Math.abs(end[across] - node[across])).toBeLessThan(node[breadth] / 2 - 8)
      }
    }
  })

  it('has a point of every line where its number stands, and no two lines end in one place', () => {
    const { edges } = layoutGraph([call('a', 'c', 12_345), call('b', 'c'), call('a', 'b')], 'right')
    for (const { points, label } of edges) {
      expect(points.some(({ x, y }) => Math.hypot(x - label.x, y - label.y) < 0.5)).toBe(true)
    }
    const tips = edges.map(({ points }) => JSON.stringify(points.at(-1)))
    expect(new Set(tips).size).toBe(tips.length)
  })

  it('cuts a name to the widest node, between letters', () => {
    const [node] = layoutGraph([call(`${'x'.repeat(25)}${'👩'.repeat(100)}`, 'b')], 'right').nodes.filter(
      each => each.service !== 'b',
    )
    expect(letters(node?.name ?? '')).toBeLessThanOrEqual(220)
    expect(node?.name).toMatch(/^x+…$|^x+👩…$/u)
    expect(node?.width).toBeGreaterThan(letters(node?.name ?? '') + 32)
  })

  it('is the same for the same calls in another order', () => {
    const links = [call('a', 'b'), call('a', 'c'), call('c', 'd')]
    const nodes = layoutGraph(links, 'right').nodes
    expect(layoutGraph(links.toReversed(), 'right').nodes.map(node => node.x)).toEqual(
      nodes.map(node => node.x),
    )
  })
})

describe('the line of a call', () => {
  it('leaves and reaches services along the layers, and ends with a head whose tip is at the called one', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 50, y: 10 },
      { x: 100, y: 0 },
    ]
    const { line, head } = edgePath(points, 'right')
    expect(line).toBe('M0.0 0.0C16.7 0.0 33.3 10.0 50.0 10.0 65.2 10.0 80.3 0.0 95.5 0.0')
    expect(head).toBe('M100.0 0.0L91.0 4.5L91.0 -4.5Z')
  })

  it('turns its head where the called stands before the caller', () => {
    const points = [
      { x: 0, y: 90 },
      { x: 0, y: 10 },
    ]
    expect(edgePath(points, 'down').head).toBe('M0.0 10.0L4.5 19.0L-4.5 19.0Z')
  })
})
