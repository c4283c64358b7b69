import { once } from 'node:events'
import { connect } from 'node:net'
import { createWebSocketStream, type RawData, WebSocket } from 'ws'
import { SpdyClient } from './spdy-client.ts'

export interface SocketOptions {
  readonly port: number
  readonly path: string
  /** None offers none. */
  readonly protocol?: string
}

/** A WebSocket client that keeps what comes on each channel and lets a test wait for it. */
export class SocketClient {
  readonly socket: WebSocket
  /** The messages of each channel; the channel of text ones is their first character. */
  readonly channels: Map<number | string, Buffer[]> = new Map()
  closeCode: number | undefined
  #watchers: (() => void)[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: RawData, binary: boolean) => this.#take(data, binary))
    socket.on('close', code => {
      this.closeCode = code
      this.#changed()
    })
    socket.on('error', () => {})
  }

  send(channel: number, bytes: Buffer | string): Promise<void> {
    const message = Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)])
    return new Promise(resolve => this.socket.send(message, () => resolve()))
  }

  bytes(channel: number | string): Buffer {
    return Buffer.concat(this.channels.get(channel) ?? [])
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>(resolve => this.#watchers.push(resolve))
  }

  #take(data: RawData, binary: boolean): void {
    // The type of messages is left at the default of ws, with which they are Buffers.
    const bytes = data as Buffer
    const channel = binary ? (bytes[0] ?? -1) : bytes.toString('latin1', 0, 1)
    this.channels.set(channel, [...(this.channels.get(channel) ?? []), bytes.subarray(1)])
    this.#changed()
  }

  #changed(): void {
    const watchers = this.#watchers
    this.#watchers = []
    for (const watcher of watchers) watcher()
  }
}

export async function connectSocket({ port, path, protocol }: SocketOptions): Promise<SocketClient> {
  const client = new SocketClient(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol))
  await once(client.socket, 'open')
  return client
}

/** SPDY in the messages of a WebSocket. `ws` refuses the name of the subprotocol, so it goes past it here too. */
export async function connectTunnel({ port, path, protocol = '' }: SocketOptions): Promise<SpdyClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: { 'Sec-WebSocket-Protocol': protocol },
  })
  socket.once('upgrade', response => {
    delete response.headers['sec-websocket-protocol']
  })
  await once(socket, 'open')
  return new SpdyClient(createWebSocketStream(socket))
}

/** The head of the answer to a handshake with whatever subprotocols, `ws` cannot offer all of them. */
export async function rawHandshake(options: SocketOptions): Promise<string> {
  const socket = connect(options.port, '127.0.0.1')
  const lines = [
    `GET ${options.path} HTTP/1.1`,
    'Host: server',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    ...(options.protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${options.protocol}`]),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.includes('\r\n\r\n')) break
  }
  return text
}
