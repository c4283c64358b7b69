/** What the upstream answers with. */
export interface BodySize {
  readonly name: string
  readonly title: string
  readonly bytes: number
}

export const SMALLEST: BodySize = { name: '1k', title: '1 KB', bytes: 1024 }

export const BODY_SIZES: readonly BodySize[] = [
  SMALLEST,
  { name: '64k', title: '64 KB', bytes: 64 * 1024 },
  { name: '1m', title: '1 MB', bytes: 1024 * 1024 },
]

export function bodySize(name: string): BodySize | undefined {
  return BODY_SIZES.find(size => size.name === name)
}

export function pathOf(size: BodySize): string {
  return `/body-${size.name}`
}
