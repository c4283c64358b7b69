import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { pageOf, SEEN } from './books-app.ts'

/** One request that was answered. */
export interface Exchange {
  /** What `moment` said when it was begun, and when it had been answered. */
  readonly began: number
  readonly ended: number
  /** As the app saw them; absent: it saw none. */
  readonly traceId?: string
  readonly spanId?: string
  readonly sampled?: boolean
}

export interface LoadOptions {
  readonly host: string
  readonly port: number
  /** Value of `host`. */
  readonly authority: string
  readonly connections: number
  readonly perSecond: number
  readonly moment: () => number
}

export interface Load {
  readonly exchanges: readonly Exchange[]
  /** What went wrong, in words. */
  readonly failures: readonly string[]
  /** Connections that were opened. */
  readonly opened: number
  /** Requests a second from the first to the last. */
  readonly rate: number
  stop(): Promise<void>
}

/** Asks at a steady rate; what is late is made up for. Each connection has one request at a time. */
export function startLoad(options: LoadOptions): Load {
  const { connections, perSecond } = options
  const exchanges: Exchange[] = []
  const failures: string[] = []
  const start = performance.now()
  let next = 0
  let opened = 0
  let over = false
  let rate = 0

  async function ask(agent: Agent, number: number): Promise<void> {
    const began = options.moment()
    const path = `/books/${number}`
    const body = number % 4 === 0 ? Buffer.from(`order ${number} `.repeat(100)) : undefined
    const answer = await exchange({ ...options, agent, path, body })
    if (!answer.reused) opened++
    const expected = body ?? pageOf(path)
    if (answer.status !== 200) failures.push(`${path}: status ${answer.status} ${answer.body}`)
    else if (!answer.body.equals(expected)) failures.push(`${path}: another body: ${answer.body}`)
    else exchanges.push({ began, ended: options.moment(), ...idsOf(answer.seen) })
  }

  async function work(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!over) {
      const number = next++
      const early = start + (number * 1000) / perSecond - performance.now()
      if (early > 1) await sleep(early)
      await ask(agent, number).catch((error: Error) => failures.push(`/books/${number}: ${error.message}`))
    }
    agent.destroy()
  }

  const workers = Array.from({ length: connections }, work)
  return {
    exchanges,
    failures,
    get opened() {
      return opened
    },
    get rate() {
      return rate
    },
    async stop() {
      over = true
      await Promise.all(workers)
      rate = (exchanges.length * 1000) / (performance.now() - start)
    },
  }
}

function idsOf(seen: string): Pick<Exchange, 'traceId' | 'spanId' | 'sampled'> {
  const [traceId = '-', spanId = '-', sampled = '-'] = seen.split(' ')
  return traceId === '-' && spanId === '-' && sampled === '-'
    ? {}
    : { traceId, spanId, sampled: sampled === '1' }
}

interface Answer {
  readonly status: number
  readonly body: Buffer
  readonly seen: string
  /** The connection was there before. */
  readonly reused: boolean
}

interface Question extends Pick<LoadOptions, 'host' | 'port' | 'authority'> {
  readonly agent: Agent
  readonly path: string
  readonly body: Buffer | undefined
}

function exchange({ agent, host, port, authority, path, body }: Question): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST'
  const length = body === undefined ? {} : { 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const asking = request({ agent, host, port, method, path, headers: { host: authority, ...length } })
    asking.on('error', reject)
    asking.on('response', response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts),
          seen: String(response.headers[SEEN] ?? ''),
          reused: asking.reusedSocket,
        }),
      )
    })
    asking.end(body)
  })
}
