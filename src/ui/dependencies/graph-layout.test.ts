import { describe, expect, it } from 'vitest'
import type { JaegerDependency } from '../../wire/jaeger-shapes.ts'
import { edgePath } from './edge-path.ts'
import { layoutGraph } from './graph-layout.ts'

const call = (parent: string, child: string, callCount = 1): JaegerDependency => ({
  parent,
  child,
  callCount,
})

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

  it('is the same for the same calls in another order', () => {
    const links = [call('a', 'b'), call('a', 'c'), call('c', 'd')]
    const nodes = layoutGraph(links, 'right').nodes
    expect(layoutGraph(links.toReversed(), 'right').nodes.map(node => node.x)).toEqual(
      nodes.map(node => node.x),
    )
  })
})

describe('the line of a call', () => {
  it('ends with a head whose tip is at the called service', () => {
    const { line, head } = edgePath([
      { x: 0, y: 0 },
      { x: 50, y: 10 },
      { x: 100, y: 0 },
      { x: 120, y: 0 },
    ])
    expect(line).toBe('M0.0 0.0Q50.0 10.0 75.0 5.0Q100.0 0.0 107.8 0.0L115.5 0.0')
    expect(head).toBe('M120.0 0.0L111.0 4.5L111.0 -4.5Z')
  })
})
