import { type AddressInfo, createServer } from 'node:net'
import { type Message, readRequest } from './message-reader.ts'
import { Wire } from './wire.ts'

/** One request as it arrived. */
export interface Arrival {
  /** The very bytes. */
  readonly text: string
  readonly message: Message
}

/** An app that writes down what arrives, byte for byte, and answers each whole request 200. */
export interface RecordingApp {
  readonly port: number
  /** Whole requests, over all connections. */
  readonly arrivals: Arrival[]
  /** Bytes that no strict reader takes for a request, as they arrived. */
  readonly bad: string[]
  close(): Promise<void>
}

export async function startRecordingApp(): Promise<RecordingApp> {
  const arrivals: Arrival[] = []
  const bad: string[] = []
  const open = new Set<Wire>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    const wire = new Wire(socket)
    open.add(wire)
    socket.on('close', () => open.delete(wire))
    socket.on('end', () => socket.end())
    socket.on('data', () => {
      for (;;) {
        const reading = readRequest(wire.received)
        if (reading === 'bad') {
          bad.push(wire.received)
          wire.received = ''
          socket.end(BAD)
        }
        if (typeof reading === 'string') return
        arrivals.push({ text: wire.received.slice(0, reading.length), message: reading })
        wire.received = wire.received.slice(reading.length)
        wire.write(answerTo(reading))
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    bad,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const wire of open) wire.socket.destroy()
      }),
  }
}

const BAD = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

function answerTo(request: Message): string {
  const body = request.start.startsWith('HEAD ') ? '' : 'ok'
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}
