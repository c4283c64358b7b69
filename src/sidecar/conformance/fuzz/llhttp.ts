import { createServer, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'

/** Node's parser, by way of a server that no port leads to. */
export interface LlhttpReading {
  readonly requests: readonly { readonly line: string; readonly body: string }[]
  /** Empty where it was content. */
  readonly fault: string
}

const HEAD_BYTES = 256 * 1024

/** What a strict server of Node makes of the bytes of one connection. */
export async function readWithLlhttp(text: string): Promise<LlhttpReading> {
  const requests: { line: string; body: string }[] = []
  let fault = ''
  const server = createServer(
    { insecureHTTPParser: false, maxHeaderSize: HEAD_BYTES },
    (message, response) => {
      collect(message, body => {
        requests.push({ line: `${message.method} ${message.url}`, body })
        response.end()
      })
    },
  )
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    fault ||= error.code ?? error.message
    socket.destroy()
  })
  const connection = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  connection.on('error', () => undefined)
  server.emit('connection', connection)
  connection.push(Buffer.from(text, 'latin1'))
  // Nothing here waits for anything outside: a few turns of the loop, and all is read.
  for (let turn = 0; turn < 6; turn++) await new Promise(resolve => setImmediate(resolve))
  connection.destroy()
  return { requests, fault }
}

function collect(message: IncomingMessage, done: (body: string) => void): void {
  let body = ''
  message.setEncoding('latin1')
  message.on('data', (part: string) => {
    body += part
  })
  message.on('end', () => done(body))
}
