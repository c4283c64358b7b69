import { type Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Question {
  readonly port: number
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly chunked?: boolean
  readonly agent?: Agent
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly trailers: NodeJS.Dict<string>
  readonly body: Buffer
}

/** One exchange with an ordinary client. Host: `books.shop`, where the headers say nothing else. */
export function ask(question: Question): Promise<Answer> {
  const { port, body, method = 'GET', path = '/', chunked = false, agent } = question
  const length = body === undefined || chunked ? {} : { 'content-length': String(body.length) }
  const headers = { host: 'books.shop', ...length, ...question.headers }
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, method, path, headers, ...(agent === undefined ? {} : { agent }) },
      response => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            trailers: response.trailers,
            body: Buffer.concat(parts),
          }),
        )
      },
    )
    asking.on('error', reject)
    if (body !== undefined && chunked) {
      for (let at = 0; at < body.length; at += 7001) asking.write(body.subarray(at, at + 7001))
      asking.end()
    } else {
      asking.end(body)
    }
  })
}

/** What the echo app saw. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export function echoOf(answer: Answer): Echo {
  return JSON.parse(answer.body.toString()) as Echo
}
