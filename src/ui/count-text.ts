/** `100,000`: exact, for a table or a line of facts. */
export function formatWhole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `7`, `9,500`, `12.3k`, `4.56M`: short enough for a label, exact while it is short. */
export function formatCount(count: number): string {
  if (count < 10_000) return formatWhole(count)
  const [value, unit] =
    count < 999_500 ? [count / 1e3, 'k'] : count < 999_500_000 ? [count / 1e6, 'M'] : [count / 1e9, 'G']
  return `${Number(value.toPrecision(3))}${unit}`
}
