import { FRAME_HEAD_BYTES, LARGEST_FRAME } from './frame.ts'

export interface FrameHandler {
  /** The payload is `bytes` from `from` to `to`, lent until this returns. False: nothing more is to be read. */
  onFrame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): boolean
  onFrameTooLarge(): void
}

/** Cuts what a connection says into frames. At most one frame is held, as long as it is not complete. */
export class FrameReader {
  private readonly handler: FrameHandler
  private held: Buffer | undefined
  private length = 0

  constructor(handler: FrameHandler) {
    this.handler = handler
  }

  /** Some of a frame has come, and not all. */
  get partial(): boolean {
    return this.length > 0
  }

  read(bytes: Buffer, from: number): void {
    let at = from
    if (this.length > 0) {
      at = this.complete(bytes, from)
      if (at < 0) return
    }
    while (bytes.length - at >= FRAME_HEAD_BYTES) {
      const to = at + FRAME_HEAD_BYTES + lengthAt(bytes, at)
      if (to - at > FRAME_HEAD_BYTES + LARGEST_FRAME) {
        this.handler.onFrameTooLarge()
        return
      }
      if (to > bytes.length) break
      if (!this.give(bytes, at, to)) return
      at = to
    }
    if (at < bytes.length) this.hold(bytes, at, bytes.length)
  }

  private give(bytes: Buffer, at: number, to: number): boolean {
    const id =
      (((bytes[at + 5] ?? 0) & 0x7f) << 24) |
      ((bytes[at + 6] ?? 0) << 16) |
      ((bytes[at + 7] ?? 0) << 8) |
      (bytes[at + 8] ?? 0)
    return this.handler.onFrame(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, id, bytes, at + FRAME_HEAD_BYTES, to)
  }

  /** Where to go on in `bytes` when the held frame was complete and taken; below 0: nowhere. */
  private complete(bytes: Buffer, from: number): number {
    let at = from
    if (this.length < FRAME_HEAD_BYTES) {
      at = this.hold(bytes, at, at + FRAME_HEAD_BYTES - this.length)
      if (this.length < FRAME_HEAD_BYTES) return -1
    }
    const { held } = this
    if (held === undefined) return -1
    const size = FRAME_HEAD_BYTES + lengthAt(held, 0)
    if (size > FRAME_HEAD_BYTES + LARGEST_FRAME) {
      this.handler.onFrameTooLarge()
      return -1
    }
    at = this.hold(bytes, at, at + size - this.length)
    if (this.length < size) return -1
    const whole = this.held ?? held
    this.length = 0
    // Not kept: an idle connection shall cost little.
    this.held = undefined
    return this.give(whole, 0, size) ? at : -1
  }

  /** Copies from `from` to `to`, as far as there is something; gives the place behind it. */
  private hold(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, bytes.length)
    const needed = this.length + end - from
    if (this.held === undefined || this.held.length < needed) {
      const roomy = needed > 1024 ? FRAME_HEAD_BYTES + LARGEST_FRAME : 1024
      const grown = Buffer.allocUnsafeSlow(roomy)
      this.held?.copy(grown, 0, 0, this.length)
      this.held = grown
    }
    bytes.copy(this.held, this.length, from, end)
    this.length = needed
    return end
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
}
