import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Header of answers: trace id, span id and decision of the request as the app saw them, `-` for what was not there. */
export const SEEN = 'seen'

export interface App {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** What `GET /books/<n>` answers. */
export function pageOf(path: string): Buffer {
  return Buffer.from(`a page about ${path}, and some more\n`.repeat(20))
}

/** An app behind a sidecar. It answers to GET with a page, and to all else with what it was sent. */
export async function startBooksApp(host: string): Promise<App> {
  const server = createServer({ keepAliveTimeout: 600_000 }, (message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      const body = message.method === 'GET' ? pageOf(message.url ?? '') : Buffer.concat(parts)
      response.writeHead(200, { [SEEN]: seenIn(message.headers), 'content-length': body.length }).end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function seenIn(headers: IncomingHttpHeaders): string {
  return ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled'].map(name => headers[name] ?? '-').join(' ')
}
