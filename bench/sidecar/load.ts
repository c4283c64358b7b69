/** Where requests go. */
export interface Ways {
  readonly h1: Way
  readonly h2: Way
}

/** Where requests of one protocol go. */
export interface Way {
  readonly port: number
  readonly authority: string
}

/** What a generator saw, once it has made sure that every answer was as it should be. */
export interface Load {
  readonly requests: number
  readonly perSecond: number
  /** Time to the whole answer, in µs; absent where the generator was not asked, for a line a request costs it much. */
  readonly micros?: Latency
}

export interface Latency {
  readonly p50: number
  readonly p99: number
  readonly p999: number
}
