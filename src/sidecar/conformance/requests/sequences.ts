import { chunked, get, post, type RequestCase } from '../request-case.ts'

const HELLO = post('Content-Length: 5', 'hello')
const CHUNKED = chunked('5\r\nhello\r\n0\r\n\r\n')
const SMUGGLED = get('', '/smuggled')

interface Sequence {
  readonly arrives: readonly string[]
  /** What answers the rest; absent: there is none, and the connection lives. */
  readonly refused?: number
}

function sequence(name: string, send: string, { arrives, refused }: Sequence): RequestCase {
  const answers = [...arrives.map(() => 200), ...(refused === undefined ? [] : [refused])]
  return { name, send, arrives, answers, alive: refused === undefined }
}

/** Requests behind one another (RFC 9112 9.3.2): each is read for itself, and nothing is read twice. */
export const SEQUENCES: readonly RequestCase[] = [
  sequence('two requests', `${get('', '/1')}${get('', '/2')}`, { arrives: [get('', '/1'), get('', '/2')] }),
  sequence('a body, then a request', `${HELLO}${get('')}`, { arrives: [HELLO, get('')] }),
  sequence('chunks, then a request', `${CHUNKED}${get('')}`, { arrives: [CHUNKED, get('')] }),
  sequence('a request, then a body', `${get('')}${HELLO}`, { arrives: [get(''), HELLO] }),
  sequence('twenty requests', get('').repeat(20), { arrives: Array.from({ length: 20 }, () => get('')) }),
  sequence('an empty line before a request', `\r\n${get('')}`, { arrives: [get('')] }),
  sequence('two empty lines before a request', `\r\n\r\n${get('')}`, { arrives: [get('')] }),
  sequence('an empty line between requests', `${HELLO}\r\n${get('')}`, { arrives: [HELLO, get('')] }),
  sequence('two empty lines between requests', `${HELLO}\r\n\r\n${get('')}`, { arrives: [HELLO, get('')] }),
  sequence('an empty line behind a request', `${HELLO}\r\n`, { arrives: [HELLO] }),
  sequence('a line feed before a request', `\n${get('')}`, { arrives: [], refused: 400 }),
  sequence('a carriage return before a request', `\r${get('')}`, { arrives: [], refused: 400 }),
  sequence('a blank before a request', ` ${get('')}`, { arrives: [], refused: 400 }),
  sequence('NUL before a request', `\0${get('')}`, { arrives: [], refused: 400 }),
  sequence('garbage behind a good request', `${get('')}nonsense\r\n\r\n`, {
    arrives: [get('')],
    refused: 400,
  }),
  sequence('garbage behind a body', `${HELLO}nonsense\r\n\r\n`, { arrives: [HELLO], refused: 400 }),
  sequence('garbage behind the last chunk', `${CHUNKED}nonsense\r\n\r\n`, {
    arrives: [CHUNKED],
    refused: 400,
  }),
  sequence('a body that is longer than its length', `${post('Content-Length: 3', 'hello')}\r\n\r\n`, {
    arrives: [post('Content-Length: 3', 'hel')],
    refused: 400,
  }),
  sequence('a request behind a body of length 0', `${post('Content-Length: 0')}${SMUGGLED}`, {
    arrives: [post('Content-Length: 0'), SMUGGLED],
  }),
  sequence('a request inside a body', post(`Content-Length: ${SMUGGLED.length}`, SMUGGLED), {
    arrives: [post(`Content-Length: ${SMUGGLED.length}`, SMUGGLED)],
  }),
  sequence(
    'a request inside a chunk',
    chunked(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`),
    {
      arrives: [chunked(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`)],
    },
  ),
  sequence(
    'a request behind both lengths',
    post(`Content-Length: 4\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${SMUGGLED}`),
    {
      arrives: [],
      refused: 400,
    },
  ),
  sequence('a request behind a chunk of odd size', chunked(`0x0\r\n\r\n${SMUGGLED}`), {
    arrives: [],
    refused: 400,
  }),
  sequence('a request behind an extension with LF', chunked(`0;\n\r\n\r\n${SMUGGLED}`), {
    arrives: [],
    refused: 400,
  }),
  sequence('a bad request behind two good ones', `${get('')}${HELLO}${post('Content-Length: 5, 6')}`, {
    arrives: [get(''), HELLO],
    refused: 400,
  }),
  sequence('a good request behind a bad one', `${post('Content-Length: 5, 6', 'hello')}${get('')}`, {
    arrives: [],
    refused: 400,
  }),
  sequence('a good request behind bad chunks', `${chunked('z\r\n')}${get('')}`, {
    arrives: [],
    refused: 400,
  }),
]
