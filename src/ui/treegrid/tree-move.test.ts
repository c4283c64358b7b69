import { describe, expect, it } from 'vitest'
import { type TreeState, treeMove } from './tree-move.ts'
import { orderTree } from './tree-order.ts'
import { visibleRows } from './tree-row.ts'

/** 0 ┬ 1 ─ 2
 *    ├ 3
 *    └ 4 */
const CHILDREN: Readonly<Record<number, readonly number[]>> = { [-1]: [0], 0: [1, 3, 4], 1: [2] }
const rows = orderTree(item => CHILDREN[item] ?? [])
const at = (cursor: number, ...folded: number[]): TreeState => ({
  rows,
  visible: visibleRows(rows, new Set(folded)),
  folded: new Set(folded),
  cursor,
  page: 3,
})

describe('a key in a tree', () => {
  it.each([
    ['ArrowDown', at(1), 2],
    ['ArrowDown', at(1, 1), 3],
    ['ArrowDown', at(4), 4],
    ['ArrowUp', at(3, 1), 1],
    ['ArrowUp', at(0), 0],
    ['ArrowRight', at(0), 1],
    ['ArrowLeft', at(2), 1],
    ['ArrowLeft', at(3), 0],
    ['ArrowLeft', at(1, 1), 0],
    ['Home', at(3), 0],
    ['End', at(0), 4],
    ['PageDown', at(0), 2],
    ['PageDown', at(3), 4],
    ['PageUp', at(4), 2],
  ])('%s goes from one row to another', (key, state, to) => {
    expect(treeMove(key, state)).toEqual({ kind: 'go', to })
  })

  it('folds to the left and unfolds to the right', () => {
    expect(treeMove('ArrowLeft', at(1))).toEqual({ kind: 'fold', row: 1, folded: true })
    expect(treeMove('ArrowRight', at(1, 1))).toEqual({ kind: 'fold', row: 1, folded: false })
  })

  it('opens and closes the details', () => {
    expect(treeMove('Enter', at(2))).toEqual({ kind: 'open', row: 2 })
    expect(treeMove(' ', at(2))).toEqual({ kind: 'open', row: 2 })
    expect(treeMove('Escape', at(2))).toEqual({ kind: 'close' })
  })

  it('means nothing where there is nowhere to go, and is left to the browser', () => {
    expect(treeMove('ArrowRight', at(2))).toBeUndefined()
    expect(treeMove('ArrowLeft', at(0, 0))).toBeUndefined()
    expect(treeMove('x', at(0))).toBeUndefined()
  })
})
