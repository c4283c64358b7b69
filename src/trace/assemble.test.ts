import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assemble, type TraceTree } from './assemble.ts'
import { makeChain, makeSpan, type SpanSketch, spanId } from './testdata/make-span.ts'

const treeOf = (...sketches: readonly SpanSketch[]): TraceTree => assemble(sketches.map(makeSpan))

const drawn = (tree: TraceTree): readonly string[] =>
  tree.nodes.map(({ depth, span }) => `${'  '.repeat(depth)}${span.name}`)

describe('the tree of a trace', () => {
  it('has the rows of a waterfall, children by start', () => {
    const tree = treeOf(
      { id: 4, parent: 2, name: 'query', start: 25 },
      { id: 3, parent: 1, name: 'late', start: 50 },
      { id: 2, parent: 1, name: 'early', start: 20 },
      { id: 1, name: 'root', start: 10 },
    )
    expect(drawn(tree)).toEqual(['root', '  early', '    query', '  late'])
    expect(tree.roots).toHaveLength(1)
    expect(tree.orphans).toEqual([])
  })

  it('puts spans without a start last', () => {
    const tree = treeOf(
      { id: 2, parent: 1, name: 'unknown', start: 0 },
      { id: 3, parent: 1, name: 'known', start: 9 },
      { id: 1, name: 'root' },
    )
    expect(drawn(tree)).toEqual(['root', '  known', '  unknown'])
  })

  it('puts the server half of a shared id below the client half, and the rest below the server', () => {
    const tree = treeOf(
      { id: 1, name: 'server', kind: 'server', start: 11 },
      { id: 1, name: 'client', kind: 'client', start: 10 },
      { id: 2, parent: 1, name: 'work', start: 12 },
    )
    expect(drawn(tree)).toEqual(['client', '  server', '    work'])
  })

  it('marks a root that names a parent as an orphan', () => {
    const tree = treeOf({ id: 2, parent: 9, name: 'orphan', start: 5 }, { id: 1, name: 'root', start: 1 })
    expect(drawn(tree)).toEqual(['root', 'orphan'])
    expect(tree.orphans.map(({ span }) => span.name)).toEqual(['orphan'])
  })

  it('cuts a circle at its earliest span', () => {
    const tree = treeOf(
      { id: 1, parent: 3, name: 'a', start: 20 },
      { id: 2, parent: 1, name: 'b', start: 10 },
      { id: 3, parent: 2, name: 'c', start: 30 },
      { id: 4, parent: 3, name: 'below', start: 5 },
      { id: 5, parent: 5, name: 'own parent', start: 40 },
    )
    expect(drawn(tree)).toEqual(['b', '  c', '    below', '    a', 'own parent'])
    expect(tree.orphans).toHaveLength(2)
  })

  it('holds every span once, whatever names whom', () => {
    const sketches = fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        parent: fc.integer({ min: 1, max: 12 }),
        start: fc.integer({ min: 0, max: 3 }),
        kind: fc.constantFrom('client', 'server', 'unspecified'),
      }),
      { maxLength: 14 },
    )
    fc.assert(
      fc.property(sketches, list => {
        const spans = list.map(sketch => makeSpan(sketch as SpanSketch))
        const { nodes, roots } = assemble(spans)
        expect(new Set(nodes.map(({ span }) => span))).toEqual(new Set(spans))
        expect(nodes).toHaveLength(spans.length)
        expect(nodes.filter(({ depth }) => depth === 0)).toHaveLength(roots.length)
        const seen = new Set<unknown>([undefined])
        for (const node of nodes) {
          expect(seen.has(node.parent)).toBe(true)
          expect(node.depth).toBe(node.parent === undefined ? 0 : node.parent.depth + 1)
          seen.add(node)
        }
      }),
    )
  })

  it('is as deep as the trace is long', () => {
    const { nodes } = assemble(makeChain(20_000))
    expect(nodes.at(-1)).toMatchObject({ depth: 19_999, span: { spanId: spanId(20_000) } })
  })
})
