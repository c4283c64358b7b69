import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import type { SpanBatch } from './span-batch.ts'

/** How the collector took a batch. */
export type PostOutcome =
  | { readonly status: 'acknowledged' }
  /** It will not take it another time either. */
  | { readonly status: 'refused'; readonly detail: string }
  /** It may take it later. */
  | { readonly status: 'unavailable'; readonly detail: string; readonly retryAfterMillis: number }
  /** No answer that could be understood. */
  | { readonly status: 'unreachable'; readonly detail: string }

export interface PostOptions {
  readonly agent: Agent
  readonly to: SocketAddress
  readonly path: string
  /** Value of `host`. */
  readonly authority: string
  /** `<pod uid>/<boot id>`: whose sequence numbers these are. */
  readonly sender: string
  readonly batch: SpanBatch
  readonly signal: AbortSignal
}

/** The dump of the configuration says so. */
export const CONNECT_MILLIS = 1000
const ANSWER_MILLIS = 10_000
const MOST_DETAIL = 300
const LONGEST_RETRY_AFTER_SECONDS = 30

/** Never rejects. */
export function postBatch(options: PostOptions): Promise<PostOutcome> {
  const { agent, to, path, authority, sender, batch, signal } = options
  return new Promise(resolve => {
    const posting = request({
      agent,
      host: to.address,
      port: to.port,
      path,
      method: 'POST',
      signal,
      headers: {
        host: authority,
        'content-type': 'application/json',
        'content-length': batch.body.length,
        'x-kiseki-sender': sender,
        'x-kiseki-sequence': batch.sequence,
      },
    })
    const late = setTimeout(() => posting.destroy(new Error('no answer in time')), ANSWER_MILLIS)
    const settle = (outcome: PostOutcome): void => {
      clearTimeout(late)
      resolve(outcome)
    }
    posting.on('socket', socket => limitConnect(socket, posting))
    posting.on('error', error => settle({ status: 'unreachable', detail: error.message }))
    posting.on('response', answer => readAnswer(answer, settle))
    // 101 is told in this way only.
    posting.on('upgrade', (_, socket) => {
      socket.destroy()
      settle({ status: 'unreachable', detail: 'status 101' })
    })
    posting.end(batch.body)
  })
}

/** A host that swallows what is sent to it would hold the batch for the time of an answer. */
function limitConnect(socket: Socket, posting: ClientRequest): void {
  if (!socket.connecting) return
  const late = setTimeout(() => posting.destroy(new Error('no connection in time')), CONNECT_MILLIS)
  const settled = (): void => clearTimeout(late)
  socket.once('connect', settled)
  socket.once('close', settled)
}

function readAnswer(answer: IncomingMessage, settle: (outcome: PostOutcome) => void): void {
  let text = ''
  answer.setEncoding('utf8')
  answer.on('data', (part: string) => {
    if (text.length < MOST_DETAIL) text += part
  })
  answer.on('error', error => settle({ status: 'unreachable', detail: error.message }))
  answer.on('end', () => settle(outcomeOf(answer, text.slice(0, MOST_DETAIL))))
}

function outcomeOf(answer: IncomingMessage, text: string): PostOutcome {
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return { status: 'acknowledged' }
  const detail = `status ${status}${text === '' ? '' : `: ${text.trim()}`}`
  if (status >= 500 || status === 429 || status === 408) {
    const seconds = Number(answer.headers['retry-after'] ?? 0)
    const bounded = Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_RETRY_AFTER_SECONDS) : 0
    return { status: 'unavailable', detail, retryAfterMillis: bounded * 1000 }
  }
  return { status: 'refused', detail }
}
