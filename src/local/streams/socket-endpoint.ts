import type { WebSocket } from 'ws'
import { type ConnectionWatch, watchConnection } from './connection-watch.ts'
import type { PodName } from './pod-stream-target.ts'
import { forwardPort } from './port-connection.ts'
import { type CommandChannels, runRemoteCommand } from './remote-command.ts'
import { SocketChannels } from './socket-channels.ts'
import { startProcess } from './start-process.ts'
import type { StreamContext } from './stream-connection.ts'
import type { CommandOptions } from './stream-request.ts'

const STDIN = 0
const STDOUT = 1
const STDERR = 2
const STATUS = 3
const RESIZE = 4

/** RFC 6455, 7.4.1 */
const NORMAL_CLOSURE = 1000

/** Exec or attach in a protocol of `SOCKET_COMMAND_PROTOCOLS`. */
export async function serveSocketCommand(
  context: StreamContext,
  socket: WebSocket,
  order: { readonly options: CommandOptions; readonly protocol: string },
): Promise<void> {
  const { options, protocol } = order
  const channels = openChannels(context, socket, protocol)
  const streams = commandChannels(channels, options)
  // Clients wait for a first message before they take the connection for established.
  channels.send(firstOutput(options), Buffer.alloc(0))
  await runRemoteCommand({
    kind: options.kind,
    start: () => startProcess(context.target, options),
    channels: streams,
    form: protocol.startsWith('v') ? 'json' : 'text',
    gone: whenClosed(socket),
    quietMillis: context.limits.quietMillis,
  })
  socket.close(NORMAL_CLOSURE)
}

/**
 * Port-forward without SPDY, one connection to each port: the data on channel 2i, errors on 2i+1, each of which begins
 * with the port as 16 bits, the low ones first (kubelet, portforward). Over when the pod has ended all.
 */
export async function serveSocketForwarding(
  context: StreamContext,
  socket: WebSocket,
  order: { readonly pod: PodName; readonly ports: readonly number[]; readonly protocol: string },
): Promise<void> {
  const { pod, ports, protocol } = order
  const { target } = context
  const channels = openChannels(context, socket, protocol)
  await Promise.all(
    ports.map((port, index) => {
      const [data, error] = [channels.open(2 * index), channels.open(2 * index + 1)]
      for (const channel of [data, error]) channel.write(Buffer.from([port & 0xff, port >> 8]))
      return forwardPort({ target, pod, port, data, error })
    }),
  )
  socket.close(NORMAL_CLOSURE)
}

function supervise(context: StreamContext, socket: WebSocket): ConnectionWatch {
  const cut = () => socket.terminate()
  const watch = watchConnection({
    ...context.limits,
    ping: () => {
      if (socket.readyState === socket.OPEN && socket.bufferedAmount === 0) socket.ping()
    },
    cut,
  })
  const forget = context.opened(cut)
  // A message too long, or no WebSocket at all: it closes by itself.
  socket.on('error', () => {})
  socket.on('close', () => {
    watch.stop()
    forget()
  })
  return watch
}

function openChannels(context: StreamContext, socket: WebSocket, protocol: string): SocketChannels {
  const watch = supervise(context, socket)
  const base64 = protocol.includes('base64.')
  return new SocketChannels({ socket, base64, closes: protocol.startsWith('v5.'), used: () => watch.used() })
}

function commandChannels(channels: SocketChannels, options: CommandOptions): CommandChannels {
  return {
    status: channels.open(STATUS),
    ...(options.stdin && { stdin: channels.open(STDIN) }),
    ...(options.stdout && { stdout: channels.open(STDOUT) }),
    ...(options.stderr && { stderr: channels.open(STDERR) }),
    ...(options.tty && { resize: channels.open(RESIZE) }),
  }
}

function firstOutput(options: CommandOptions): number {
  if (options.stdout) return STDOUT
  return options.stderr ? STDERR : STATUS
}

function whenClosed(socket: WebSocket): AbortSignal {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  return gone.signal
}
