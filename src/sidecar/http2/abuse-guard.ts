import { Budget } from './budget.ts'
import { CONNECTION_FAULTS, type ConnectionFault } from './error-code.ts'

/** What answers may wait unread, beyond the DATA that windows bound. */
const MOST_UNREAD = 1000

/** Counts what a connection does that costs us something and brings nobody anything (CVE-2023-44487 and its like). */
export class AbuseGuard {
  private readonly resets: Budget
  private readonly settings: Budget
  private readonly pings: Budget
  private readonly empty: Budget
  private readonly windows: Budget
  private readonly strays: Budget
  private unread = 0

  constructor(nowMillis: number) {
    this.resets = new Budget(500, 33, nowMillis)
    this.settings = new Budget(100, 10, nowMillis)
    // gRPC measures the path with pings, as often as data comes.
    this.pings = new Budget(2000, 1000, nowMillis)
    this.empty = new Budget(200, 20, nowMillis)
    this.windows = new Budget(4000, 2000, nowMillis)
    this.strays = new Budget(1000, 100, nowMillis)
  }

  /** An exchange came to its end: whoever works may also give up. */
  onUse(): void {
    this.resets.earn(1)
    this.windows.earn(8)
    this.strays.earn(1)
  }

  /** Data went in or out. */
  onData(): void {
    this.pings.earn(1)
    this.windows.earn(8)
  }

  onReset(nowMillis: number): ConnectionFault | undefined {
    return this.resets.spend(nowMillis) ? undefined : CONNECTION_FAULTS.resetFlood
  }

  onSettings(nowMillis: number): ConnectionFault | undefined {
    return this.settings.spend(nowMillis) ? undefined : CONNECTION_FAULTS.settingsFlood
  }

  onPing(nowMillis: number): ConnectionFault | undefined {
    return this.pings.spend(nowMillis) ? undefined : CONNECTION_FAULTS.pingFlood
  }

  onEmptyData(nowMillis: number): ConnectionFault | undefined {
    return this.empty.spend(nowMillis) ? undefined : CONNECTION_FAULTS.emptyFlood
  }

  onWindowUpdate(nowMillis: number): ConnectionFault | undefined {
    return this.windows.spend(nowMillis) ? undefined : CONNECTION_FAULTS.windowFlood
  }

  /** PRIORITY, unknown types, and frames for streams that are over. */
  onStray(nowMillis: number): ConnectionFault | undefined {
    return this.strays.spend(nowMillis) ? undefined : CONNECTION_FAULTS.strayFlood
  }

  /** An answer goes to somebody who does not read what went before. */
  onUnread(): ConnectionFault | undefined {
    this.unread++
    return this.unread > MOST_UNREAD ? CONNECTION_FAULTS.unread : undefined
  }

  onRead(): void {
    this.unread = 0
  }
}
