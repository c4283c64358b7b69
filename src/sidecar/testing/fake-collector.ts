import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedBatch {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A span as the sidecar sends it. */
export interface SentSpan {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
  readonly kind: 'CLIENT' | 'SERVER'
  readonly name: string
  readonly timestamp: number
  readonly duration: number
  readonly shared?: boolean
  readonly debug?: boolean
  readonly localEndpoint: { readonly serviceName: string; readonly ipv4: string }
  readonly remoteEndpoint?: { readonly serviceName?: string; readonly ipv4?: string; readonly port?: number }
  readonly tags: Readonly<Record<string, string>>
}

export interface FakeCollector {
  readonly port: number
  readonly batches: readonly ReceivedBatch[]
  /** Those of batches that were answered 2xx. */
  readonly spans: readonly SentSpan[]
  /** Replaces the answer 202. */
  answer: (response: ServerResponse) => void
  connections(): Promise<number>
  close(): Promise<void>
}

export async function startCollector(port = 0): Promise<FakeCollector> {
  const batches: ReceivedBatch[] = []
  const spans: SentSpan[] = []
  const collector = {
    answer: (response: ServerResponse): void => {
      response.writeHead(202).end()
    },
  }
  const server = createServer((message, response) => {
    const parts: Buffer[] = []
    message.on('data', (part: Buffer) => parts.push(part))
    message.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8')
      batches.push({ path: message.url ?? '', headers: message.headers, text })
      collector.answer(response)
      if (response.statusCode < 300) spans.push(...(JSON.parse(text) as SentSpan[]))
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const bound = server.address() as AddressInfo
  return Object.assign(collector, {
    port: bound.port,
    batches,
    spans,
    connections: () =>
      new Promise<number>((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
      }),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
