import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One batch on its way from a sidecar to the collector. */
export interface Passing {
  /** Which attempt of this batch it is, from 1. */
  readonly attempt: number
  readonly response: ServerResponse
  /** Brings it to the collector; resolves with the status that the collector answered. */
  deliver(): Promise<number>
}

export type Rule = (passing: Passing) => Promise<void> | void

/** Stands before the collector, and does to batches what the test says. */
export interface Gate {
  readonly port: number
  /** Batches that came, repeated ones too. */
  readonly attempts: number
  rule: Rule
  /** Nobody listens any more, and whoever was connected is not. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** As if the gate were not there. */
export const pass: Rule = async ({ response, deliver }) => {
  response.writeHead(await deliver()).end()
}

export async function openGate(collectorUrl: string): Promise<Gate> {
  const attempts = new Map<string, number>()
  const gate = { rule: pass, attempts: 0, port: 0 }
  const server = createServer((request, response) => {
    void bodyOf(request).then(async body => {
      const { 'x-kiseki-sender': sender, 'x-kiseki-sequence': sequence } = request.headers
      const key = `${sender} ${sequence}`
      const attempt = (attempts.get(key) ?? 0) + 1
      attempts.set(key, attempt)
      gate.attempts++
      const deliver = async (): Promise<number> => {
        const headers = {
          'content-type': 'application/json',
          'x-kiseki-sender': String(sender),
          'x-kiseki-sequence': String(sequence),
        }
        const url = new URL(request.url ?? '/', collectorUrl)
        const answer = await fetch(url, { method: 'POST', headers, body })
        await answer.arrayBuffer()
        return answer.status
      }
      await gate.rule({ attempt, response, deliver })
    })
  })
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(gate.port, '127.0.0.1', () => resolve())
    })
  await listen()
  gate.port = (server.address() as AddressInfo).port
  return Object.assign(gate, {
    shut: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open: listen,
  })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}
