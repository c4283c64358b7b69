/** What one sequence of bytes from a client must lead to. */
export interface RequestCase extends RequestOutcome {
  readonly name: string
  /** What the client sends, one byte a character. */
  readonly send: string
  /** The client ends its side behind it: for what would else be waited for. */
  readonly ends?: boolean
  /** Sense makes it only where apps send, or only where other pods do. */
  readonly only?: 'outbound' | 'inbound'
}

export interface RequestOutcome {
  /** The requests that reach the app, byte for byte. */
  readonly arrives: readonly string[]
  /** The statuses that the client is answered. */
  readonly answers: readonly number[]
  /** Whether the connection is good for another request. */
  readonly alive: boolean
}

interface Extra {
  readonly ends?: boolean
  readonly only?: 'outbound' | 'inbound'
}

/** Goes on as it came, or as `arrives` says, and the connection lives. */
export function passes(name: string, send: string, extra: Extra & { arrives?: string } = {}): RequestCase {
  return { name, send, answers: [200], alive: true, ...extra, arrives: [extra.arrives ?? send] }
}

/** The same, and the connection ends with it. */
export function passesLast(
  name: string,
  send: string,
  extra: Extra & { arrives?: string } = {},
): RequestCase {
  return { ...passes(name, send, extra), alive: false }
}

/** Nothing of it reaches the app, the client is told why, and the connection ends. */
export function refused(name: string, status: number, send: string, extra: Extra = {}): RequestCase {
  return { name, send, arrives: [], answers: [status], alive: false, ...extra }
}

/** The client's Host in all cases where it is not the subject. */
export const HOST = 'books.shop'

export function get(fields: string, target = '/'): string {
  return `GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${lines(fields)}\r\n`
}

export function post(fields: string, body = '', target = '/'): string {
  return `POST ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${lines(fields)}\r\n${body}`
}

/** A chunked request. */
export function chunked(body: string, fields = ''): string {
  return post(`Transfer-Encoding: chunked${fields === '' ? '' : `\r\n${fields}`}`, body)
}

function lines(fields: string): string {
  return fields === '' ? '' : `${fields}\r\n`
}
