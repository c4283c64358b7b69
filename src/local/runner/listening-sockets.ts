import { readdir, readFile, readlink } from 'node:fs/promises'
import { type ListeningSocket, parseListening } from './proc-net-tcp.ts'
import { commandLine, processesOfGroup, processIds, processStat } from './processes.ts'

export interface SocketHolder {
  readonly pid: number
  /** Its process group. */
  readonly group: number
  readonly command: string
}

/** Who listens where on this machine, as far as the system tells. */
export interface ListeningSockets {
  /** All TCP sockets that are listened on. */
  list(): Promise<readonly ListeningSocket[]>
  /** Those of them that a process of the group holds. */
  heldBy(group: number, sockets: readonly ListeningSocket[]): Promise<readonly ListeningSocket[]>
  /** Somebody who listens on the port. */
  holderOf(port: number): Promise<SocketHolder | undefined>
}

/** Undefined where the system does not tell: then apps must listen where they are told. */
export function systemListeningSockets(
  platform: NodeJS.Platform = process.platform,
): ListeningSockets | undefined {
  return platform === 'linux' ? procSockets : undefined
}

const procSockets: ListeningSockets = {
  list: listListening,

  async heldBy(group, sockets) {
    if (sockets.length === 0) return []
    const held = await Promise.all((await processesOfGroup(group)).map(socketInodes))
    const inodes = new Set(held.flat())
    return sockets.filter(({ inode }) => inodes.has(inode))
  },

  async holderOf(port) {
    const inodes = new Set((await listListening()).filter(each => each.port === port).map(each => each.inode))
    if (inodes.size === 0) return undefined
    for (const pid of await processIds()) {
      if (!(await socketInodes(pid)).some(inode => inodes.has(inode))) continue
      const stat = await processStat(pid).catch(() => undefined)
      const command = await commandLine(pid)
      if (stat !== undefined && command !== undefined) return { pid, group: stat.group, command }
    }
    return undefined
  },
}

async function listListening(): Promise<readonly ListeningSocket[]> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'utf8').catch(() => ''))
  return (await Promise.all(tables)).flatMap(parseListening)
}

/** Empty where the process is gone or not ours to look into. */
async function socketInodes(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  const links = descriptors.map(descriptor => readlink(`${folder}/${descriptor}`).catch(() => ''))
  return (await Promise.all(links)).flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}
