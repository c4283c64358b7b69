import { Agent, request } from 'node:http'

/** The client's own book: what it was told about each response that it got. */
export interface Answers {
  /** Trace and span of each, as `traceresponse` says them; a response that says none is in `untraced`. */
  readonly ids: readonly string[]
  readonly untraced: number
  readonly failures: readonly string[]
}

export interface AskOptions {
  readonly host: string
  readonly port: number
  readonly requests: number
  readonly connections?: number
  readonly path?: string
  /** A connection that fails asks no more. */
  readonly untilFailure?: boolean
  /** Called after every answer, with how many there were. */
  readonly answered?: (count: number) => void
}

const TRACE_RESPONSE = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0[13]$/

/** Asks so often, as fast as the answers come. */
export async function askMany(options: AskOptions): Promise<Answers> {
  const ids: string[] = []
  const failures: string[] = []
  let untraced = 0
  let asked = 0
  let answered = 0

  async function work(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let working = true
    while (working && asked < options.requests) {
      asked++
      try {
        const said = await askOnce(agent, options)
        const match = TRACE_RESPONSE.exec(said)
        if (match === null) untraced++
        else ids.push(`${match[1]}/${match[2]}`)
      } catch (error) {
        failures.push(String(error))
        working = options.untilFailure !== true
      }
      options.answered?.(++answered)
    }
    agent.destroy()
  }

  await Promise.all(Array.from({ length: options.connections ?? 16 }, work))
  return { ids, untraced, failures }
}

function askOnce(agent: Agent, { host, port, path = '/' }: AskOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ agent, host, port, path, headers: { host: 'books.shop' } })
    asking.on('error', reject)
    asking.on('response', response => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(String(response.headers['traceresponse'] ?? ''))
        else reject(new Error(`status ${response.statusCode}`))
      })
    })
    asking.end()
  })
}
