const LEAST_WIDTH = 6
const PADDING = 3

/**
 * Rows in columns as osm-edge prints them (Go's text/tabwriter: min width 6, padding 3, spaces). The last cell of a row
 * is not padded.
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(LEAST_WIDTH, ...rows.map(row => (at < row.length - 1 ? lengthOf(row[at]) + PADDING : 0))),
  )
  return rows
    .map(row => row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at]))).join(''))
    .map(line => `${line}\n`)
    .join('')
}

function pad(cell: string, width = 0): string {
  return cell + ' '.repeat(Math.max(0, width - lengthOf(cell)))
}

/** In characters, as Go counts: not in UTF-16 units. */
function lengthOf(cell = ''): number {
  return [...cell].length
}
