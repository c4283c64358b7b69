import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'

export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

export interface Http2App {
  readonly port: number
  readonly server: Http2Server
  readonly sessions: readonly ServerHttp2Session[]
  /** Heads as they came. */
  readonly requests: readonly IncomingHttpHeaders[]
  close(): Promise<void>
}

/** A server of Node's own HTTP/2. Without a handler: sends the body back, with a trailer that says its length. */
export async function startHttp2App(
  handle: StreamHandler = mirror,
  settings: Settings = {},
): Promise<Http2App> {
  const requests: IncomingHttpHeaders[] = []
  const sessions: ServerHttp2Session[] = []
  const server = createServer({ settings })
  server.on('session', session => {
    sessions.push(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    requests.push(headers)
    handle(stream, headers)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    server,
    sessions,
    requests,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const session of sessions) session.destroy()
      }),
  }
}

const mirror: StreamHandler = stream => {
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => {
    if (stream.destroyed) return
    const body = Buffer.concat(parts)
    stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(body.length) }))
    stream.end(body)
  })
}

export interface Http2Client {
  readonly session: ClientHttp2Session
  ask(question?: Http2Question): Promise<Http2Answer>
  close(): Promise<void>
}

export interface Http2Question {
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer
}

export interface Http2Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly trailers: IncomingHttpHeaders
  readonly body: Buffer
  /** With which the stream was reset; 0: it was not. */
  readonly code: number
}

/** A client of Node's own HTTP/2. Authority: `books.shop`, where the headers say nothing else. */
export async function http2Client(port: number, socket?: Socket): Promise<Http2Client> {
  const over = socket ?? connectTcp(port, '127.0.0.1')
  const session = connect('http://books.shop', { createConnection: () => over })
  session.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    session.once('remoteSettings', () => resolve())
    session.once('close', () => reject(new Error('closed before any SETTINGS came')))
  })
  return {
    session,
    ask: question => ask(session, question ?? {}),
    close: () =>
      new Promise<void>(resolve => {
        if (session.closed || session.destroyed) resolve()
        session.once('close', () => resolve())
        session.destroy()
      }),
  }
}

function ask(session: ClientHttp2Session, { headers = {}, body }: Http2Question): Promise<Http2Answer> {
  const method = body === undefined ? 'GET' : 'POST'
  const stream = session.request(
    { ':method': method, ':path': '/', ...headers },
    { endStream: body === undefined },
  )
  const parts: Buffer[] = []
  let head: IncomingHttpHeaders = {}
  let trailers: IncomingHttpHeaders = {}
  stream.on('response', answered => (head = answered))
  stream.on('trailers', sent => (trailers = sent))
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('error', () => undefined)
  if (body !== undefined) {
    for (let at = 0; at < body.length; at += 9001) stream.write(body.subarray(at, at + 9001))
    stream.end()
  }
  return new Promise(resolve =>
    stream.on('close', () =>
      resolve({
        status: Number(head[':status'] ?? 0),
        headers: head,
        trailers,
        body: Buffer.concat(parts),
        code: stream.rstCode,
      }),
    ),
  )
}
