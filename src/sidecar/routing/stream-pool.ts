/** The connections to one endpoint that carry many requests at a time. */
export interface StreamPool {
  /** A connection of whatever kind to the endpoint is gone: there may be another. */
  onRoom(): void
  /** No configuration names the endpoint any more. */
  retire(): void
}
