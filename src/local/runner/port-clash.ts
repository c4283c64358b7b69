import type { ListeningSockets } from './listening-sockets.ts'

export interface PortClashOptions {
  /** The end of what the container printed. */
  readonly output: string
  /** Ports that the container may have tried, if the output names none. */
  readonly ports: readonly number[]
  /** Undefined where the system does not tell who listens. */
  readonly sockets: ListeningSockets | undefined
  /** The pod and container of a process group. */
  readonly ownerOf: (group: number) => string | undefined
  /** Has this process let go of a port that it holds for others. True: the container may have it now. */
  readonly letGo: (port: number) => Promise<boolean>
}

/** How programs say it: Node, C and Python, Go, Java. */
const CLASH = /EADDRINUSE|address already in use|BindException/i
const PORT = /(?::|port[ =:]*)(\d{2,5})\b/gi
const REMEDY = 'Let the app listen on $PORT at $HOST, run one replica, or stop the other program.'

/** What to tell a person when a container ended because its port was taken; undefined if that was not why. */
export async function explainPortClash(options: PortClashOptions): Promise<string | undefined> {
  const lines = options.output.split('\n').filter(line => CLASH.test(line))
  if (lines.length === 0) return undefined
  const named = lines.flatMap(line => [...line.matchAll(PORT)].map(match => Number(match[1])))
  const candidates = [...named, ...options.ports]
  for (const port of candidates) {
    const holder = await options.sockets?.holderOf(port)
    if (holder === undefined) continue
    const { pid, group, command } = holder
    if (pid === process.pid && (await options.letGo(port))) return undefined
    const owner = options.ownerOf(group)
    const who = owner === undefined ? `process ${pid} (${command})` : `${owner}, process ${pid}`
    return `Port ${port} is taken by ${who}. ${REMEDY}`
  }
  const port = candidates[0]
  return `${port === undefined ? 'A port' : `Port ${port}`} is taken by another program. ${REMEDY}`
}
