import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import type { JsonObject } from '../../model/json.ts'

/** Where an API is, and who asks. */
export interface ApiAddress {
  readonly url: string
  /** PEM of the authority that its certificate is checked against. */
  readonly ca: string
  readonly token: string
}

export interface RawAnswer {
  readonly status: number
  readonly type: string
  readonly headers: IncomingMessage['headers']
  /** Parsed where it is JSON, `{}` where it is not. */
  readonly body: JsonObject
  readonly text: string
}

export interface RawRequest {
  readonly method?: string
  readonly body?: unknown
  /** Default: application/json. */
  readonly type?: string
  readonly accept?: string
  readonly headers?: OutgoingHttpHeaders
}

/** HTTP as it is: what a client library would hide is what the contract is about. */
export interface RawApi {
  ask(path: string, request?: RawRequest): Promise<RawAnswer>
  /** The lines of a watch, until the caller stops reading. */
  watch(path: string, accept?: string): AsyncGenerator<JsonObject>
  close(): void
}

export function createRawApi({ url, ca, token }: ApiAddress): RawApi {
  const agent = new Agent({ ca, keepAlive: true })

  function send(path: string, { method, body, type, accept, headers }: RawRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, url), {
        agent,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          authorization: `Bearer ${token}`,
          accept: accept ?? 'application/json',
          ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
          ...headers,
        },
      })
      sent.once('response', resolve).once('error', reject)
      sent.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
    })
  }

  return {
    async ask(path, asked = {}) {
      const answer = await send(path, asked)
      const text = Buffer.concat(await answer.toArray()).toString()
      const type = answer.headers['content-type'] ?? ''
      // kube-apiserver calls some of its documents plain text.
      const body: JsonObject = text.startsWith('{') ? JSON.parse(text) : {}
      return { status: answer.statusCode ?? 0, type, headers: answer.headers, body, text }
    },
    async *watch(path, accept) {
      const answer = await send(path, accept === undefined ? {} : { accept })
      try {
        for await (const line of createInterface({ input: answer })) yield JSON.parse(line)
      } finally {
        answer.destroy()
      }
    },
    close: () => agent.destroy(),
  }
}
