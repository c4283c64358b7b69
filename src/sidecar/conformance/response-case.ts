/** What one sequence of bytes from an app must lead to. */
export interface ResponseCase {
  readonly name: string
  /** What the client asks. Default: GET. */
  readonly request?: string
  /** What the app writes, in pieces: each once the one before it has been seen by the client. */
  readonly send: string | readonly string[]
  /** What the app does behind it. Default: it waits for the next request. */
  readonly behind?: 'ends' | 'resets'
  /** What the client sees, byte for byte; 502: the answer of the proxy itself. */
  readonly seen: string | 502
  /** Whether another request can follow, the connection was ended properly, or was broken off. */
  readonly client: 'alive' | 'ended' | 'broken'
  /** Whether the connection to the app serves the next request. */
  readonly reused: boolean
}

type Extra = Partial<Pick<ResponseCase, 'request' | 'behind' | 'reused' | 'client'>>

/** The client sees just what the app sent, and both connections live. */
export function relayed(name: string, send: string, extra: Extra & { seen?: string } = {}): ResponseCase {
  return { name, send, seen: send, client: 'alive', reused: true, ...extra }
}

/**
 * The client is told 502, and may ask again; the app's connection is not trusted any more. The app ends it for those
 * who take its end for the end of the response.
 */
export function malformed(name: string, send: string, extra: Extra = {}): ResponseCase {
  return { name, send, behind: 'ends', seen: 502, client: 'alive', reused: false, ...extra }
}

/** What was relayed before it broke is not taken for the whole. */
export function broken(name: string, first: string, rest: string, extra: Extra = {}): ResponseCase {
  return { name, send: [first, rest], seen: first, client: 'broken', reused: false, ...extra }
}

/** The response of an app to whatever it is asked. */
export function response(fields: string, body = '', first = 'HTTP/1.1 200 OK'): string {
  return `${first}\r\n${fields === '' ? '' : `${fields}\r\n`}\r\n${body}`
}

/** A chunked one. */
export function chunks(body: string, fields = ''): string {
  return response(`Transfer-Encoding: chunked${fields === '' ? '' : `\r\n${fields}`}`, body)
}
