import { type Micros, ZERO_MICROS } from '../../model/micros.ts'
import { type Adjust, sequence } from './adjust.ts'
import { correctClockSkew } from './clock-skew.ts'
import { removeEmptyLinks } from './empty-links.ts'
import { writeIpAttributesWithDots } from './ip-attributes.ts'
import { moveLibraryAttributes } from './library-attributes.ts'
import { dropRepeatedSpans } from './repeated-spans.ts'
import { splitSharedSpanIds } from './shared-span-ids.ts'
import { sortCollections } from './sort-collections.ts'

export interface AdjusterOptions {
  /** The greatest shift of a span's times. Absent or 0: none is shifted, but the warnings say by how much. */
  readonly maxClockSkew?: Micros
}

/**
 * What every trace goes through before it is shown: Jaeger's standard adjusters in their order, but for one.
 * Repeated spans go first: a server half that was received twice would otherwise get two ids, and be shown twice.
 * That the parent is the first reference needs no adjuster: a span has its parent apart from its links.
 */
export function standardAdjusters(options: AdjusterOptions = {}): Adjust {
  return sequence(
    dropRepeatedSpans,
    splitSharedSpanIds,
    sortCollections,
    correctClockSkew(options.maxClockSkew ?? ZERO_MICROS),
    writeIpAttributesWithDots,
    moveLibraryAttributes,
    removeEmptyLinks,
  )
}
