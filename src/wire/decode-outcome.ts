/** `discarded`: spans of a good batch that could not be kept, by reason; they are not among `spans`. */
export type DecodeOutcome =
  | {
      readonly status: 'decoded'
      readonly spans: number
      readonly discarded: ReadonlyMap<string, number>
    }
  /** What the sink was told until then counts for nothing. `message` goes to the sender. */
  | { readonly status: 'malformed'; readonly message: string }

/** A time beyond 2^53 − 1 µs, which no double says exactly. */
export const OUT_OF_RANGE = 'time-out-of-range'
