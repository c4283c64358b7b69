import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { SpdyDecoder } from '../spdy-decoder.ts'
import { SpdyEncoder } from '../spdy-encoder.ts'
import type { SpdyFrame } from '../spdy-frame.ts'

/** What came on one stream until now. */
export interface ClientStream {
  readonly id: number
  readonly chunks: Buffer[]
  replied: boolean
  finished: boolean
  reset: number | undefined
}

/** A small client of SPDY, which keeps what comes and lets a test wait for it. */
export class SpdyClient {
  readonly link: Duplex
  readonly frames: SpdyFrame[] = []
  readonly streams: Map<number, ClientStream> = new Map()
  closed = false
  readonly #encoder: SpdyEncoder = new SpdyEncoder()
  readonly #decoder: SpdyDecoder = new SpdyDecoder()
  #nextId = 1
  #watchers: (() => void)[] = []

  constructor(link: Duplex) {
    this.link = link
    link.on('data', (bytes: Buffer) => {
      for (const frame of this.#decoder.decode(bytes)) this.#take(frame)
      this.#changed()
    })
    link.on('error', () => {})
    link.on('close', () => {
      this.closed = true
      this.#changed()
    })
  }

  open(headers: Readonly<Record<string, string>>): ClientStream {
    const stream: ClientStream = {
      id: this.#nextId,
      chunks: [],
      replied: false,
      finished: false,
      reset: undefined,
    }
    this.#nextId += 2
    this.streams.set(stream.id, stream)
    const map = new Map(Object.entries(headers))
    this.send({ type: 'syn-stream', streamId: stream.id, fin: false, unidirectional: false, headers: map })
    return stream
  }

  /** Those of one forwarded connection, the error stream closed at once as kubectl does. */
  openPair(port: number, requestId: string): { readonly error: ClientStream; readonly data: ClientStream } {
    const error = this.open({ streamtype: 'error', port: `${port}`, requestid: requestId })
    this.write(error, '', true)
    return { error, data: this.open({ streamtype: 'data', port: `${port}`, requestid: requestId }) }
  }

  write(stream: ClientStream, bytes: Buffer | string, fin = false): boolean {
    return this.send({ type: 'data', streamId: stream.id, fin, bytes: Buffer.from(bytes) })
  }

  send(frame: SpdyFrame): boolean {
    return this.link.write(this.#encoder.encode(frame))
  }

  /** Returns when the condition holds, which is looked at after all that comes. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>(resolve => this.#watchers.push(resolve))
  }

  #take(frame: SpdyFrame): void {
    this.frames.push(frame)
    if (!('streamId' in frame)) return
    const stream = this.streams.get(frame.streamId)
    if (stream === undefined) return
    if (frame.type === 'syn-reply') stream.replied = true
    if (frame.type === 'rst-stream') stream.reset = frame.status
    if (frame.type === 'data') stream.chunks.push(frame.bytes)
    if ('fin' in frame && frame.fin) stream.finished = true
  }

  #changed(): void {
    const watchers = this.#watchers
    this.#watchers = []
    for (const watcher of watchers) watcher()
  }
}

export function textOf(stream: ClientStream): string {
  return Buffer.concat(stream.chunks).toString()
}

export interface UpgradeOptions {
  readonly port: number
  readonly path: string
  readonly protocols: readonly string[]
  readonly upgrade?: string
}

/** Asks as client-go does: POST, each protocol in a header of its own. */
export async function upgradeSpdy({ port, path, protocols, upgrade = 'SPDY/3.1' }: UpgradeOptions): Promise<
  | { readonly client: SpdyClient; readonly protocol: string | undefined }
  | {
      readonly status: number | undefined
      readonly body: string
      readonly headers: IncomingMessage['headers']
    }
> {
  const request = httpRequest({
    port,
    path,
    method: 'POST',
    headers: { Connection: 'Upgrade', Upgrade: upgrade, 'X-Stream-Protocol-Version': [...protocols] },
  }).end()
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('upgrade', (response, socket) => {
      const protocol = response.headers['x-stream-protocol-version']
      resolve({ client: new SpdyClient(socket), protocol: protocol?.toString() })
    })
    request.on('response', async response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      await once(response, 'end')
      const { statusCode: status, headers } = response
      resolve({ status, body: Buffer.concat(chunks).toString(), headers })
    })
  })
}

/** The client, where nothing else is expected. */
export async function connectSpdy(options: UpgradeOptions): Promise<SpdyClient> {
  const answer = await upgradeSpdy(options)
  if (!('client' in answer)) throw new Error(`no upgrade but ${answer.status}: ${answer.body}`)
  return answer.client
}
