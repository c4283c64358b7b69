import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { messageOf } from '../../model/errors.ts'
import { callProblem } from './call-problem.ts'
import { httpProblem } from './http-answer.ts'
import type { Webhook } from './webhook.ts'
import { addressOf, authoritiesOf, type ResolveService, type WebhookAddress } from './webhook-address.ts'
import { createWebhookAgents } from './webhook-agents.ts'
import { WebhookCallError } from './webhook-failures.ts'

export interface WebhookClient {
  /** Sends a review; resolves with the body of the answer. Throws `WebhookCallError`. */
  post(webhook: Webhook, review: string): Promise<string>
  close(): void
}

/** An object has at most 3 MB; a patch that replaces all of it is a third longer in base64. */
const ANSWER_LIMIT_BYTES = 6 * 1024 * 1024

export function createWebhookClient(options: { readonly resolveService: ResolveService }): WebhookClient {
  const agents = createWebhookAgents()

  function prepare(webhook: Webhook): Exchange {
    try {
      const address = addressOf(webhook, options.resolveService)
      const authorities = authoritiesOf(webhook)
      const agent = agents.take(
        JSON.stringify([address.serverName, address.url, webhook.caBundle]),
        authorities,
      )
      return { address, agent, timeoutMillis: webhook.timeoutSeconds * 1000 }
    } catch (error) {
      throw new WebhookCallError(webhook.name, `could not get REST client: ${messageOf(error)}`, error)
    }
  }

  return {
    async post(webhook, review) {
      const exchange = prepare(webhook)
      try {
        const { status, body } = await perform(exchange, review)
        const problem = httpProblem(status, body)
        if (problem !== undefined) throw new Error(problem)
        return body
      } catch (error) {
        throw new WebhookCallError(webhook.name, `failed to call webhook: ${messageOf(error)}`, error)
      }
    },
    close: agents.close,
  }
}

interface Exchange {
  readonly address: WebhookAddress
  readonly agent: ReturnType<ReturnType<typeof createWebhookAgents>['take']>
  readonly timeoutMillis: number
}

interface Answer {
  readonly status: number
  readonly body: string
}

async function perform({ address, agent, timeoutMillis }: Exchange, review: string): Promise<Answer> {
  const { endpoint } = address
  const fails = (problem: string, cause?: unknown) =>
    new Error(`Post ${JSON.stringify(address.url)}: ${problem}`, { cause })
  const service = JSON.stringify(address.hostHeader.split('.', 1)[0])
  if (endpoint === undefined) throw fails(`service ${service} not found`)
  if (endpoint === 'no-endpoints') throw fails(`no endpoints available for service ${service}`)
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), timeoutMillis)
  try {
    return await send({ address, endpoint, agent, signal: deadline.signal, review })
  } catch (error) {
    if (deadline.signal.aborted) throw fails('context deadline exceeded', error)
    const { host, port } = endpoint
    throw fails(callProblem(error, `${host.includes(':') ? `[${host}]` : host}:${port}`), error)
  } finally {
    clearTimeout(timer)
  }
}

interface Sending {
  readonly address: WebhookAddress
  readonly endpoint: { readonly host: string; readonly port: number }
  readonly agent: Exchange['agent']
  readonly signal: AbortSignal
  readonly review: string
}

/** A kept connection may have been closed by the other side in the very moment; then another one is taken. */
async function send(sending: Sending): Promise<Answer> {
  for (;;) {
    const outcome = await sendOnce(sending)
    if (outcome !== 'stale') return outcome
  }
}

function sendOnce({ address, endpoint, agent, signal, review }: Sending): Promise<Answer | 'stale'> {
  return new Promise((resolve, reject) => {
    const exchange = request({
      method: 'POST',
      agent,
      signal,
      path: address.path,
      host: endpoint.host,
      port: endpoint.port,
      ...(address.serverName === undefined ? {} : { servername: address.serverName }),
      headers: {
        host: address.hostHeader,
        'user-agent': 'kube-apiserver-admission',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(review),
        accept: 'application/json, */*',
      },
    })
    let answered = false
    exchange.on('response', message => {
      answered = true
      readAnswer(message).then(resolve, reject)
    })
    exchange.on('error', (error: NodeJS.ErrnoException) => {
      const closed = error.code === 'ECONNRESET' || error.code === 'EPIPE'
      if (exchange.reusedSocket && closed && !answered) resolve('stale')
      else reject(error)
    })
    exchange.end(review)
  })
}

async function readAnswer(message: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop closes the connection.
    if (length > ANSWER_LIMIT_BYTES) throw new Error(`the answer has more than ${ANSWER_LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return { status: message.statusCode ?? 0, body: Buffer.concat(chunks, length).toString('utf8') }
}
