import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConfigAnswer } from '../../model/sidecar-config.ts'
import { parseConfigAnswer } from '../../wire/sidecar-config-json.ts'

export interface FakeControlPlane {
  readonly url: string
  readonly answers: readonly ConfigAnswer[]
  /** Sends a line to all who listen, and first to those who come later. */
  send(line: string): void
  /** The answer that comes next. */
  nextAnswer(): Promise<ConfigAnswer>
  close(): Promise<void>
}

export async function startControlPlane(port = 0): Promise<FakeControlPlane> {
  const answers: ConfigAnswer[] = []
  const listening = new Set<ServerResponse>()
  const waiting: ((answer: ConfigAnswer) => void)[] = []
  let current: string | undefined

  const server = createServer((message, response) => {
    if (message.method === 'GET' && /^\/v1\/sidecars\/[^/]+\/config$/.test(message.url ?? '')) {
      response.writeHead(200)
      response.write('\n')
      if (current !== undefined) response.write(`${current}\n`)
      listening.add(response)
      response.on('close', () => listening.delete(response))
      return
    }
    let text = ''
    message.on('data', part => {
      text += String(part)
    })
    message.on('end', () => {
      response.writeHead(204).end()
      const answer = parseConfigAnswer(text)
      answers.push(answer)
      waiting.shift()?.(answer)
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const bound = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound.port}`,
    answers,
    send(line) {
      current = line
      for (const response of listening) response.write(`${line}\n`)
    },
    nextAnswer: () => new Promise(resolve => waiting.push(resolve)),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
