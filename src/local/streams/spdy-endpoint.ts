import type { Duplex } from 'node:stream'
import { watchConnection } from './connection-watch.ts'
import { ForwardPairs } from './forward-pairs.ts'
import type { PodName } from './pod-stream-target.ts'
import { forwardPort } from './port-connection.ts'
import { type CommandChannels, runRemoteCommand } from './remote-command.ts'
import { SpdySession } from './spdy-session.ts'
import type { SpdyStream } from './spdy-stream.ts'
import { startProcess } from './start-process.ts'
import type { StreamContext } from './stream-connection.ts'
import type { CommandOptions } from './stream-request.ts'

const STREAM_TYPES: ReadonlySet<string> = new Set(['error', 'stdin', 'stdout', 'stderr', 'resize'])

interface SessionParts {
  readonly accept: (stream: SpdyStream) => boolean
  readonly closed: () => void
}

/** Port-forward over SPDY, be it on the connection itself or in the messages of a WebSocket. */
export function serveForwarding(context: StreamContext, link: Duplex, pod: PodName): void {
  const { target, limits } = context
  const pairs = new ForwardPairs({
    creationMillis: limits.creationMillis,
    complete: pair => void forwardPort({ target, pod, ...pair }),
  })
  openSession(context, link, { accept: stream => pairs.add(stream), closed: () => pairs.close() })
}

/** Exec or attach over SPDY, in a protocol of `SPDY_COMMAND_PROTOCOLS`. */
export function serveCommand(
  context: StreamContext,
  link: Duplex,
  order: { readonly options: CommandOptions; readonly protocol: string },
): void {
  const { options, protocol } = order
  const { limits } = context
  const gone = new AbortController()
  const given = new Map<string, SpdyStream>()
  const awaited = new Set(streamTypes(options, protocol))
  // The client has no stream yet on which it could be told.
  const late = setTimeout(() => session.close(), limits.creationMillis)

  const session = openSession(context, link, {
    accept(stream) {
      const type = stream.headers.get('streamtype') ?? ''
      if (!awaited.delete(type)) return acceptIdle(stream, type, given)
      given.set(type, stream)
      if (awaited.size === 0) void run()
      return true
    },
    closed() {
      clearTimeout(late)
      gone.abort()
    },
  })

  async function run(): Promise<void> {
    clearTimeout(late)
    const channels = channelsOf(given)
    if (channels === undefined) return
    const form = protocol === 'v4.channel.k8s.io' ? 'json' : 'text'
    const start = () => startProcess(context.target, options)
    const { quietMillis } = limits
    await runRemoteCommand({ kind: options.kind, start, channels, form, gone: gone.signal, quietMillis })
    session.finish()
  }
}

/** Clients may open what their query does not ask for, as stderr beside a terminal: kubelet takes it, and never uses it. */
function acceptIdle(stream: SpdyStream, type: string, given: ReadonlyMap<string, SpdyStream>): boolean {
  if (!STREAM_TYPES.has(type) || given.has(type)) return false
  stream.resume()
  stream.end()
  return true
}

/** Those that the client opens, without which the command does not start. */
function streamTypes(options: CommandOptions, protocol: string): readonly string[] {
  const resizes = protocol.startsWith('v4.') || protocol.startsWith('v3.')
  const wanted = {
    error: true,
    stdin: options.stdin,
    stdout: options.stdout,
    stderr: options.stderr,
    resize: options.tty && resizes,
  }
  return Object.entries(wanted).flatMap(([type, is]) => (is ? [type] : []))
}

function channelsOf(given: ReadonlyMap<string, SpdyStream>): CommandChannels | undefined {
  const [status, stdin, stdout, stderr, resize] = ['error', 'stdin', 'stdout', 'stderr', 'resize'].map(type =>
    given.get(type),
  )
  if (status === undefined) return undefined
  // The client sends nothing on these, but its end of them has to be read to be over.
  for (const output of [stdout, stderr]) output?.resume()
  return {
    status,
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
    ...(resize && { resize }),
  }
}

function openSession(context: StreamContext, link: Duplex, { accept, closed }: SessionParts): SpdySession {
  const { limits, logger } = context
  const watch = watchConnection({
    ...limits,
    ping: () => session.ping(),
    cut: () => session.close(),
  })
  const forget = context.opened(() => session.close())
  const session = new SpdySession({
    link,
    logger,
    accept,
    used: () => watch.used(),
    closed() {
      watch.stop()
      closed()
      forget()
    },
    mostStreams: limits.streams,
    lingerMillis: limits.lingerMillis,
  })
  return session
}
