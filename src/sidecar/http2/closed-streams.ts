const REMEMBERED = 128

/** How a stream ended that is not known any more: frames for it may still be on their way, or be a mistake. */
export type HowClosed = 'ended' | 'reset' | 'unknown'

/** The streams that were over last. */
export class ClosedStreams {
  /** Identifiers; those that we reset are below 0. */
  private readonly ids = new Int32Array(REMEMBERED)
  private at = 0

  add(id: number, wasReset: boolean): void {
    this.ids[this.at] = wasReset ? -id : id
    this.at = (this.at + 1) % REMEMBERED
  }

  how(id: number): HowClosed {
    if (this.ids.includes(-id)) return 'reset'
    return this.ids.includes(id) ? 'ended' : 'unknown'
  }
}
