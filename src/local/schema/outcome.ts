import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json } from '../../model/json.ts'
import type { Place } from './type-check.ts'

/** `matches` counts the checks that were made: of failing alternatives the one with most of them is reported. */
export interface Outcome {
  readonly causes: readonly FailureCause[]
  readonly matches: number
}

export interface Subject {
  readonly value: Json
  readonly place: Place
  /**
   * The value before an update, where there was one that this one can be told to follow. What did not change is
   * not reported (KEP-4008, ratcheting), or nobody could mend an object whose schema was made stricter.
   */
  readonly old?: Json | undefined
}
