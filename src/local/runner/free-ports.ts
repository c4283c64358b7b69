import { createServer } from 'node:net'

/** Gives ports that nobody listens on, the same never twice until it is given back. */
export interface FreePorts {
  take(): Promise<number>
  /** Whether one could still be listened on. */
  isFree(port: number): Promise<boolean>
  giveBack(port: number): void
}

/** Apps may listen on all addresses, so a port must be free on all. */
const ALL_ADDRESSES = '0.0.0.0'
const TRIES = 100

export function createFreePorts(): FreePorts {
  const taken = new Set<number>()
  return {
    async take() {
      for (let i = 0; i < TRIES; i++) {
        const port = await listenOnce(0)
        if (port === undefined || taken.has(port)) continue
        taken.add(port)
        return port
      }
      throw new Error('no port is free')
    },
    isFree: async port => (await listenOnce(port)) !== undefined,
    giveBack: port => void taken.delete(port),
  }
}

/** The port, which nobody listens on any more when this resolves; undefined where it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host: ALL_ADDRESSES, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined))
    })
  })
}
