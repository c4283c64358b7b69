import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as Zipkin v2 has it, as far as anybody has to look at it here. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly id: string
  readonly kind: string
}

/** Takes `POST` of Zipkin v2 JSON at one path, answers 202, and keeps all. It knows nothing of who sends. */
export interface ZipkinReceiver {
  readonly port: number
  readonly spans: readonly ReceivedSpan[]
  /** What came that was no batch of spans. */
  readonly strange: readonly string[]
  connections(): Promise<number>
  close(): Promise<void>
}

export async function startZipkinReceiver(host: string, path: string): Promise<ZipkinReceiver> {
  const spans: ReceivedSpan[] = []
  const strange: string[] = []
  const server = createServer((message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      const body = Buffer.concat(parts).toString()
      const isBatch = message.method === 'POST' && message.url === path && body.startsWith('[{')
      if (isBatch) spans.push(...(JSON.parse(body) as ReceivedSpan[]))
      else strange.push(`${message.method} ${message.url} ${body}`)
      response.writeHead(isBatch ? 202 : 400).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    spans,
    strange,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
      }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
