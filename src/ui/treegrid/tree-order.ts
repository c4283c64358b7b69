import type { TreeRow } from './tree-row.ts'

/** The children of `index` in the order in which they are to stand; −1 asks for the roots. */
export type ChildrenOf = (index: number) => readonly number[]

export interface OrderedRow extends TreeRow {
  /** What `ChildrenOf` calls it. */
  readonly item: number
}

interface Open {
  readonly row: Mutable<OrderedRow>
  readonly children: readonly number[]
  next: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Lays a forest of any depth out depth first, without recursion. */
export function orderTree(childrenOf: ChildrenOf): readonly OrderedRow[] {
  const rows: OrderedRow[] = []
  const roots = childrenOf(-1)
  roots.forEach((root, place) => {
    const open: Open[] = [
      enter(rows, { item: root, parent: undefined, place, siblings: roots.length }, childrenOf),
    ]
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const child = top.children[top.next]
      if (child === undefined) {
        top.row.end = rows.length
        open.pop()
        continue
      }
      const entry = { item: child, parent: top.row, place: top.next, siblings: top.children.length }
      top.next += 1
      open.push(enter(rows, entry, childrenOf))
    }
  })
  return rows
}

interface Entry {
  readonly item: number
  readonly parent: TreeRow | undefined
  readonly place: number
  readonly siblings: number
}

function enter(rows: OrderedRow[], entry: Entry, childrenOf: ChildrenOf): Open {
  const children = childrenOf(entry.item)
  const row = {
    item: entry.item,
    index: rows.length,
    parent: entry.parent?.index ?? -1,
    depth: entry.parent === undefined ? 0 : entry.parent.depth + 1,
    end: rows.length + 1,
    children: children.length,
    position: entry.place + 1,
    siblings: entry.siblings,
  }
  rows.push(row)
  return { row, children, next: 0 }
}
