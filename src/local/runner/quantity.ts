/** Suffixes of quantities (kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity), in thousandths of one. */
const FACTORS: ReadonlyMap<string, readonly [multiply: bigint, divide: bigint]> = new Map([
  ['n', [1n, 1_000_000n]],
  ['u', [1n, 1_000n]],
  ['m', [1n, 1n]],
  ['', [1_000n, 1n]],
  ['k', [1_000n ** 2n, 1n]],
  ['M', [1_000n ** 3n, 1n]],
  ['G', [1_000n ** 4n, 1n]],
  ['T', [1_000n ** 5n, 1n]],
  ['P', [1_000n ** 6n, 1n]],
  ['E', [1_000n ** 7n, 1n]],
  ['Ki', [1_000n * 1_024n, 1n]],
  ['Mi', [1_000n * 1_024n ** 2n, 1n]],
  ['Gi', [1_000n * 1_024n ** 3n, 1n]],
  ['Ti', [1_000n * 1_024n ** 4n, 1n]],
  ['Pi', [1_000n * 1_024n ** 5n, 1n]],
  ['Ei', [1_000n * 1_024n ** 6n, 1n]],
])
const QUANTITY = /^\+?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/

/** A quantity that is not negative in thousandths, rounded up; undefined where the text is none. */
export function quantityInMilli(text: string | number): bigint | undefined {
  const found = QUANTITY.exec(String(text))
  if (found === null) return undefined
  const [, whole = '', fraction = '', exponent = '0', suffix = ''] = found
  if (whole === '' && fraction === '') return undefined
  const [multiply, divide] = FACTORS.get(suffix) ?? [1_000n, 1n]
  const power = Number(exponent)
  const above = BigInt(whole + fraction) * multiply * 10n ** BigInt(Math.max(0, power))
  const below = divide * 10n ** BigInt(fraction.length + Math.max(0, -power))
  return divideUp(above, below)
}

export function divideUp(above: bigint, below: bigint): bigint {
  return (above + below - 1n) / below
}
