import { connect, type Socket } from 'node:net'

/** A hang is a result like any other: it is told after so long, and fails its test. */
const HANG_MILLIS = 10_000

/** One connection, seen from the end that a test holds. */
export class Wire {
  /** Everything that came, one byte a character. */
  received = ''
  /** How the other side ended, as far as it has: `broken` is a reset. */
  state: 'open' | 'ended' | 'broken' = 'open'
  readonly socket: Socket
  private readonly waiting = new Set<() => void>()

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1')
      this.tell()
    })
    socket.on('end', () => this.became('ended'))
    socket.on('error', () => this.became('broken'))
    socket.on('close', () => this.became('ended'))
  }

  write(text: string): void {
    if (text !== '') this.socket.write(text, 'latin1')
  }

  /** True once it holds; false where the connection is over before, or nothing happens for too long. */
  async until(holds: () => boolean): Promise<boolean> {
    if (!holds() && this.state === 'open') await this.changeThat(() => holds() || this.state !== 'open')
    return holds()
  }

  /** Resolves when the other side has ended. */
  async over(): Promise<Wire['state']> {
    await this.until(() => false)
    return this.state
  }

  private changeThat(holds: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (holds()) done()
      }
      const done = (): void => {
        clearTimeout(guard)
        this.waiting.delete(look)
        resolve()
      }
      const guard = setTimeout(done, HANG_MILLIS)
      this.waiting.add(look)
    })
  }

  private became(state: 'ended' | 'broken'): void {
    if (this.state === 'open') this.state = state
    this.tell()
  }

  private tell(): void {
    for (const look of this.waiting) look()
  }
}

export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const wire = new Wire(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return wire
}
