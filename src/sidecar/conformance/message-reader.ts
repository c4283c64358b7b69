/**
 * A second opinion: reads whole messages out of text by the grammar of RFC 9112, written with other means than the
 * sidecar's own readers, strict, and slow. What it calls bad must never leave a sidecar.
 */
export interface Message {
  /** Request line or status line. */
  readonly start: string
  /** Names in lower case, values trimmed, in their order. */
  readonly fields: readonly Field[]
  /** Without framing. */
  readonly body: string
  readonly trailers: readonly Field[]
  /** Of the text, with the head. */
  readonly length: number
  /** Whether the connection may carry another message after it. */
  readonly persistent: boolean
}

export type Field = readonly [name: string, value: string]

export type Reading = Message | 'partial' | 'bad'

const HEAD = /^([^\r\n]*)\r\n((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n/
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\x7e\x80-\xff]+ HTTP\/1\.[01]$/
const STATUS_LINE = /^HTTP\/1\.[01] (\d\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const CHUNK_LINE =
  /([0-9A-Fa-f]{1,12})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*\r\n/y
const TRAILERS = /((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n/y

/** Reads one request at the beginning of the text. */
export function readRequest(text: string): Reading {
  const head = readHead(text)
  if (typeof head === 'string') return head
  if (!REQUEST_LINE.test(head.start)) return 'bad'
  const framing = framingOf(head)
  if (framing === 'bad') return 'bad'
  return withBody(text, head, framing ?? 0)
}

export interface ResponseContext {
  /** The request was HEAD. */
  readonly headOnly: boolean
  /** The connection has ended behind the text. */
  readonly ended: boolean
}

/** Reads one response, which may be an interim one. */
export function readResponse(text: string, context: ResponseContext): Reading {
  const head = readHead(text)
  if (typeof head === 'string') return head
  const status = Number(STATUS_LINE.exec(head.start)?.[1] ?? 0)
  if (status < 100) return 'bad'
  if (context.headOnly || status < 200 || status === 204 || status === 304) return withBody(text, head, 0)
  const framing = framingOf(head)
  if (framing === 'bad') return 'bad'
  if (framing !== undefined) return withBody(text, head, framing)
  if (!context.ended) return 'partial'
  const message = withBody(text, head, text.length - head.length)
  return typeof message === 'string' ? message : { ...message, persistent: false }
}

/** All requests of a connection, and what is left behind them. */
export function readRequests(text: string): {
  readonly requests: readonly Message[]
  readonly rest: Reading
} {
  const requests: Message[] = []
  let at = 0
  for (;;) {
    // An empty line before a request is to be borne with (RFC 9112 2.2).
    while (text.startsWith('\r\n', at)) at += 2
    const reading = readRequest(text.slice(at))
    if (typeof reading === 'string') return { requests, rest: reading }
    requests.push(reading)
    at += reading.length
  }
}

interface Head {
  readonly start: string
  readonly fields: readonly Field[]
  readonly length: number
}

function readHead(text: string): Head | 'partial' | 'bad' {
  const [whole, start = '', lines = ''] = HEAD.exec(text) ?? []
  if (whole !== undefined) return { start, fields: fieldsOf(lines), length: whole.length }
  return text.includes('\r\n\r\n') || /(^|[^\r])\n/.test(text) ? 'bad' : 'partial'
}

function fieldsOf(lines: string): readonly Field[] {
  return lines
    .split('\r\n')
    .slice(0, -1)
    .map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')]
    })
}

export function valuesOf(fields: readonly Field[], name: string): readonly string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value)
}

/** Undefined: nothing is said. */
function framingOf(head: Head): number | 'chunked' | 'bad' | undefined {
  const codings = valuesOf(head.fields, 'transfer-encoding')
  const lengths = valuesOf(head.fields, 'content-length')
  if (codings.length + lengths.length > 1) return 'bad'
  const [coding] = codings
  if (coding !== undefined) {
    return coding.toLowerCase() === 'chunked' && head.start.includes('HTTP/1.1') ? 'chunked' : 'bad'
  }
  const [length] = lengths
  if (length === undefined) return undefined
  return /^\d{1,15}$/.test(length) ? Number(length) : 'bad'
}

function withBody(text: string, head: Head, framing: number | 'chunked'): Reading {
  const persistent =
    head.start.includes('HTTP/1.1') &&
    !valuesOf(head.fields, 'connection').some(value => /\bclose\b/i.test(value))
  if (framing === 'chunked') {
    const read = readChunks(text, head.length)
    return typeof read === 'string' ? read : { ...head, ...read, persistent }
  }
  const length = head.length + framing
  if (text.length < length) return 'partial'
  return { ...head, body: text.slice(head.length, length), trailers: [], length, persistent }
}

type Chunks = Pick<Message, 'body' | 'trailers' | 'length'>

function readChunks(text: string, from: number): Chunks | 'partial' | 'bad' {
  let at = from
  let body = ''
  for (;;) {
    CHUNK_LINE.lastIndex = at
    const line = CHUNK_LINE.exec(text)
    if (line === null) return text.includes('\n', at) ? 'bad' : 'partial'
    at += line[0].length
    const size = Number.parseInt(line[1] ?? '', 16)
    if (size === 0) break
    body += text.slice(at, at + size)
    if (text.length < at + size + 2) return 'partial'
    if (!text.startsWith('\r\n', at + size)) return 'bad'
    at += size + 2
  }
  TRAILERS.lastIndex = at
  const end = TRAILERS.exec(text)
  if (end === null) return text.includes('\r\n\r\n', at) ? 'bad' : 'partial'
  const trailers = fieldsOf(end[1] ?? '')
  // Not of the grammar, but against RFC 9110 6.5.1: programs disagree what they mean.
  if (trailers.some(([name]) => name === 'content-length' || name === 'transfer-encoding')) return 'bad'
  return { body, trailers, length: at + end[0].length }
}
