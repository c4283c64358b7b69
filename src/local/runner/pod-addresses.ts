import { createServer, type Server } from 'node:net'

export interface PodAddress {
  readonly ip: string
  /** Whether no other pod has it: then fixed ports are free on it. */
  readonly exclusive: boolean
}

/** Addresses of this machine that pods listen on. */
export interface PodAddresses {
  /** Undefined when all are taken. */
  allocate(): Promise<PodAddress | undefined>
  release(address: PodAddress): void
  close(): Promise<void>
}

/** All of 127/8 answers on Linux and Windows; elsewhere only what an administrator adds. */
export function systemPodAddresses(platform: NodeJS.Platform = process.platform): PodAddresses {
  return platform === 'linux' ? loopbackBlocks('127.64', claimOnLinux) : sharedLoopback()
}

/** Every pod has 127.0.0.1: all its ports must be chosen for it. */
export function sharedLoopback(): PodAddresses {
  return {
    allocate: async () => ({ ip: '127.0.0.1', exclusive: false }),
    release: () => undefined,
    close: async () => undefined,
  }
}

/** Held for as long as this process lives, however it ends. */
export interface Claim {
  release(): Promise<void>
}

const BLOCKS = 256
const LAST_HOST = 254

/**
 * Addresses `<network>.<block>.<host>`. Runs on one machine share the network: each claims whole blocks, as many as
 * it needs. An address that is given back comes again last: others may still send to it.
 */
export function loopbackBlocks(
  network: string,
  claim: (name: string) => Promise<Claim | undefined>,
): PodAddresses {
  const free: string[] = []
  const claims: Claim[] = []
  let nextBlock = 0
  let claiming: Promise<void> = Promise.resolve()

  async function claimBlock(): Promise<void> {
    while (free.length === 0 && nextBlock < BLOCKS) {
      const block = nextBlock++
      const claimed = await claim(`${network}.${block}`)
      if (claimed === undefined) continue
      claims.push(claimed)
      for (let host = 1; host <= LAST_HOST; host++) free.push(`${network}.${block}.${host}`)
    }
  }

  return {
    async allocate() {
      claiming = claiming.then(claimBlock)
      await claiming
      const ip = free.shift()
      return ip === undefined ? undefined : { ip, exclusive: true }
    },
    release: ({ ip }) => void free.push(ip),
    async close() {
      await Promise.all(claims.map(claimed => claimed.release()))
    },
  }
}

/** An abstract socket (unix(7)) takes a name without a file, and the kernel takes it back. */
async function claimOnLinux(name: string): Promise<Claim | undefined> {
  const server = createServer(socket => socket.destroy())
  const listening = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ path: `\0kiseki-pods-${name}` }, () => resolve(true))
  })
  if (!listening) return undefined
  server.unref()
  return { release: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
  })
}
