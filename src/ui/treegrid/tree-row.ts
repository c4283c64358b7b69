/**
 * One row of a tree that is laid out depth first, children behind their parent: the descendants of row `i` are
 * `i + 1` up to `end - 1`. All numbers are places in that whole list, whatever is folded.
 */
export interface TreeRow {
  readonly index: number
  /** −1 for a root. */
  readonly parent: number
  /** 0 for a root. */
  readonly depth: number
  /** The place behind the last descendant. */
  readonly end: number
  readonly children: number
  /** From 1, among `siblings`. */
  readonly position: number
  readonly siblings: number
}

/** The places of those rows that stand below no folded one, in order. */
export function visibleRows(rows: readonly TreeRow[], folded: ReadonlySet<number>): readonly number[] {
  const visible: number[] = []
  let at = 0
  while (at < rows.length) {
    visible.push(at)
    const row = rows[at]
    at = row !== undefined && folded.has(at) ? row.end : at + 1
  }
  return visible
}

/** Every row that has children. */
export function foldable(rows: readonly TreeRow[]): ReadonlySet<number> {
  return new Set(rows.filter(row => row.children > 0).map(row => row.index))
}

/** The rows that must be unfolded to see a row. */
export function ancestors(rows: readonly TreeRow[], index: number): readonly number[] {
  const found: number[] = []
  for (let at = rows[index]?.parent ?? -1; at >= 0; at = rows[at]?.parent ?? -1) found.push(at)
  return found
}
