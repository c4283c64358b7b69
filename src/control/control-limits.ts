/** What the control plane holds at most, and for how long it waits. */
export interface ControlLimits {
  /** Sidecars that listen at one time. */
  readonly streams: number
  /** Between two empty lines, by which a sidecar knows that the control plane is there. */
  readonly heartbeatMillis: number
  /** A reader that takes nothing for so long is cut; it comes back and gets the newest. */
  readonly blockedMillis: number
  /** Changes come in bursts: what changes within this time is compiled once. */
  readonly gatherMillis: number
}

export const DEFAULT_CONTROL_LIMITS: ControlLimits = {
  streams: 10_000,
  heartbeatMillis: 10_000,
  blockedMillis: 10_000,
  gatherMillis: 20,
}
