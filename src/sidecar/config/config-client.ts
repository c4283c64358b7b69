import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../model/errors.ts'
import type { ConfigAnswer } from '../../model/sidecar-config.ts'
import type { Logger } from '../../runtime/logger.ts'
import { encodeConfigAnswer } from '../../wire/sidecar-config-json.ts'
import { createLineReader } from './line-reader.ts'

export interface ConfigClientOptions {
  readonly controlPlaneUrl: string
  readonly podUid: string
  /** Takes a configuration; what it says is told to the control plane. */
  readonly apply: (text: string) => Promise<ConfigAnswer>
  readonly logger: Logger
  readonly random: () => number
  readonly firstBackoffMillis?: number
  readonly silenceMillis?: number
}

export interface ConfigClient {
  /** The control plane is being listened to. */
  readonly connected: boolean
  stop(): Promise<void>
}

const FIRST_BACKOFF_MILLIS = 200
const LONGEST_BACKOFF_MILLIS = 5000
/** The control plane sends an empty line now and then; without one for so long it is gone. */
const SILENCE_MILLIS = 45_000
const LONGEST_LINE = 32 * 1024 * 1024
const ANSWER_ATTEMPTS = 3
const ANSWER_TIMEOUT_MILLIS = 5000

/**
 * Follows the control plane for ever: `GET /v1/sidecars/<pod uid>/config` streams one SidecarConfig a line,
 * each is answered by `POST /v1/sidecars/<pod uid>/answer`.
 */
export function startConfigClient(options: ConfigClientOptions): ConfigClient {
  const over = new AbortController()
  const follower = new Follower(options, over.signal)
  const running = follower.run()
  return {
    get connected() {
      return follower.connected
    },
    async stop() {
      over.abort()
      await running
    },
  }
}

class Follower {
  connected = false
  private readonly options: ConfigClientOptions
  private readonly over: AbortSignal
  private readonly base: string
  private backoff = 0
  private told = ''
  /** The newest configuration that was not looked at yet. */
  private next: string | undefined
  private applying: Promise<void> | undefined

  constructor(options: ConfigClientOptions, over: AbortSignal) {
    this.options = options
    this.over = over
    this.base = new URL(
      `v1/sidecars/${encodeURIComponent(options.podUid)}`,
      options.controlPlaneUrl.replace(/\/?$/, '/'),
    ).href
  }

  async run(): Promise<void> {
    const first = this.options.firstBackoffMillis ?? FIRST_BACKOFF_MILLIS
    this.backoff = first
    while (!this.over.aborted) {
      const reason = await this.follow(() => {
        this.backoff = first
      })
      if (this.over.aborted) break
      this.tell(reason)
      const wait = this.backoff * (0.5 + this.options.random() / 2)
      await sleep(wait, undefined, { signal: this.over }).catch(() => undefined)
      this.backoff = Math.min(this.backoff * 2, LONGEST_BACKOFF_MILLIS)
    }
    await this.applying
  }

  /** Says once why the control plane cannot be followed, until that changes. */
  private tell(reason: string): void {
    if (reason === this.told) return
    this.told = reason
    this.options.logger.warn('the control plane is away', { reason })
  }

  /** Listens until the stream ends; resolves with why it did. */
  private follow(heard: () => void): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    const asking = request(`${this.base}/config`, { agent: false, signal: this.over })
    asking.setTimeout(this.options.silenceMillis ?? SILENCE_MILLIS, () => {
      asking.destroy(new Error('nothing heard for too long'))
    })
    asking.on('error', error => resolve(error.message))
    endAtUpgrade(asking, resolve)
    asking.on('response', stream => {
      if (stream.statusCode === 200) this.listen(stream, heard)
      else asking.destroy(new Error(`status ${stream.statusCode}`))
      stream.on('error', error => resolve(error.message))
      stream.on('close', () => resolve('the stream ended'))
    })
    asking.end()
    return promise.finally(() => {
      this.connected = false
      asking.destroy()
    })
  }

  private listen(stream: IncomingMessage, heard: () => void): void {
    const lines = createLineReader(LONGEST_LINE)
    this.connected = true
    this.told = ''
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      heard()
      try {
        for (const line of lines.push(text)) if (line.trim() !== '') this.take(line)
      } catch (error) {
        stream.destroy(new Error(messageOf(error)))
      }
    })
  }

  /** Newest wins: what came while another was applied and is not the last is never looked at. */
  private take(line: string): void {
    this.next = line
    this.applying ??= this.applyAll().finally(() => {
      this.applying = undefined
    })
  }

  private async applyAll(): Promise<void> {
    while (this.next !== undefined && !this.over.aborted) {
      const text = this.next
      this.next = undefined
      await this.answer(await this.options.apply(text))
    }
  }

  private async answer(answer: ConfigAnswer): Promise<void> {
    const text = encodeConfigAnswer(answer)
    for (let attempt = 1; attempt <= ANSWER_ATTEMPTS && !this.over.aborted; attempt++) {
      const failure = await this.post(text)
      if (failure === undefined) return
      this.options.logger.warn('the answer to a configuration did not arrive', { attempt, reason: failure })
      const wait = FIRST_BACKOFF_MILLIS * attempt
      await sleep(wait, undefined, { signal: this.over }).catch(() => undefined)
    }
  }

  /** Resolves with what went wrong. */
  private post(text: string): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    const posting: ClientRequest = request(`${this.base}/answer`, {
      method: 'POST',
      agent: false,
      signal: this.over,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    })
    posting.setTimeout(ANSWER_TIMEOUT_MILLIS, () => {
      posting.destroy(new Error('no answer in time'))
    })
    posting.on('error', error => resolve(error.message))
    endAtUpgrade(posting, resolve)
    posting.on('response', response => {
      const status = response.statusCode ?? 0
      response.resume()
      response.on('error', error => resolve(error.message))
      response.on('end', () => resolve(status < 300 ? undefined : `status ${status}`))
    })
    posting.end(text)
    return promise
  }
}

/** 101 is told in this way only. */
function endAtUpgrade(asking: ClientRequest, resolve: (reason: string) => void): void {
  asking.on('upgrade', (_, socket) => {
    socket.destroy()
    resolve('status 101')
  })
}
