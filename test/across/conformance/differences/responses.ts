import { type Explanation, type NginxResponse, relays } from './difference.ts'

/** Responses of apps. */
export const RESPONSES: readonly Explanation<NginxResponse>[] = [
  {
    because: 'nginx drops trailers of responses as well.',
    cases: {
      'framing: trailers': { seen: ['200 {trailer: "X-Sum"} "ok"'], client: 'alive', reused: true },
      'framing: framing in trailers': relays('200 "ok"'),
    },
  },
  {
    because:
      'nginx makes chunks of a body that lasts until the end, and keeps the connection. Ours relays bytes as they came and ends with them: nothing is framed anew.',
    cases: {
      'framing: no length': relays('200 "until the end"'),
      'framing: no length and nothing': relays('200'),
      'framing: no length in HTTP/1.0': relays('200 {x-a: "b"} "until the end"'),
      'framing: no length in an error': relays('500 {x-a: "b"} "oh no"'),
    },
  },
  {
    because:
      'nginx uses a connection again on which a body came behind the head of HEAD. Whose response those bytes would be, nobody knows.',
    cases: {
      'framing: HEAD answered with a body': { seen: ['200'], client: 'alive', reused: true },
    },
  },
  {
    because:
      'nginx reads chunks where both are said, or in HTTP/1.0, or in words that only end in chunked. RFC 9112 6.1 and 6.3: such framing is to be handled as an error.',
    cases: {
      'framing: both lengths': relays('200'),
      'framing: both lengths, the other way round': relays('200'),
      'framing: transfer-encoding: gzip, chunked': relays('200'),
      'framing: transfer-encoding: xchunked': relays('200'),
      'framing: transfer-encoding twice': relays('200'),
      'framing: chunks in HTTP/1.0': relays('200'),
    },
  },
  {
    because:
      'nginx reads until the end where it cannot read the length, or takes the first of two. RFC 9112 6.3: the response must be thrown away, with 502.',
    cases: {
      'framing: two content-lengths that differ': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: two content-lengths that agree': relays('200 "ok"'),
      'framing: a list of content-lengths': relays('200 "ok"'),
      'framing: content-length with a plus': relays('200 "ok"'),
      'framing: content-length with a minus': relays('200 "ok"'),
      'framing: content-length in words': relays('200 "ok"'),
      'framing: content-length without a value': relays('200 "ok"'),
      'framing: content-length over 2^64': relays('200 "ok"'),
      'framing: content-length with a tab': relays('200 "ok"'),
      'framing: transfer-encoding: gzip': relays('200 "ok"'),
      'framing: transfer-encoding: identity': relays('200 "ok"'),
    },
  },
  {
    because:
      'nginx takes chunks apart for clients of HTTP/1.0. The request went on as HTTP/1.0, so that only a faulty app would send any.',
    cases: {
      'framing: chunks for a client of HTTP/1.0': { seen: ['200 "ok"'], client: 'ended', reused: false },
    },
  },
  {
    because: 'nginx has answered before it looks at the chunks, and breaks off. Ours can still say 502.',
    cases: {
      'framing: a bad chunk at once': { seen: [], client: 'ended', reused: false },
      'framing: a bad chunk at once behind a good one': { seen: [], client: 'ended', reused: false },
    },
  },
  {
    because: 'nginx bears with it. RFC 9112 7.1 does not: the client must not take it for whole.',
    cases: {
      'framing: a chunk size that ends with LF': { seen: ['200 "ok"'], client: 'alive', reused: true },
      'framing: a bad trailer': { seen: ['200 "ok"'], client: 'alive', reused: true },
    },
  },
  {
    because:
      'nginx ends the connection where ours resets it. The client misses the end of the body either way.',
    cases: {
      'framing: a bad chunk later': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: a chunk without CR LF': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: a chunk size with a minus': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: an end in the middle of a length': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: an end in the middle of a chunk': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: an end between chunks': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: an end before the trailers end': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: a reset in the middle of a length': { seen: ['200 partial'], client: 'ended', reused: false },
      'framing: a reset in the middle of a body without length': {
        seen: ['200 partial'],
        client: 'ended',
        reused: false,
      },
    },
  },
  {
    because: 'nginx takes the number as it is. RFC 9110 15: it is from 100 to 599.',
    cases: {
      'heads: status 099': relays('099 bad'),
      'heads: status 600': relays('600'),
    },
  },
  {
    because: 'nginx takes any version for its own.',
    cases: {
      'heads: two blanks before the status': relays('200'),
      'heads: HTTP/1.2': relays('200'),
      'heads: HTTP/2.0': relays('200'),
    },
  },
  {
    because:
      'nginx takes what it cannot read for HTTP/0.9, where everything is body, and gives it to a client of HTTP/1.1.',
    cases: {
      'heads: no status': relays('OK\r bad'),
      'heads: a status of two digits': relays('20  bad'),
      'heads: a negative status': relays('-20 bad'),
      'heads: a tab before the status': relays('200 bad'),
      'heads: a version in small letters': relays('200 bad'),
      'heads: CR in the reason': relays('200 bad'),
      'heads: an empty line before the response': relays('1 2 bad'),
      'heads: a blank before the response': relays(' 20 bad'),
      'heads: no head at all': relays(' bad'),
      'heads: another protocol': relays('pen bad'),
      'heads: HTTP/0.9': relays('lo< bad'),
    },
  },
  {
    because: 'nginx relays odd characters, and names that are none, to the client.',
    cases: {
      'heads: a status of four digits': relays('200 bad'),
      'heads: NUL in the reason': relays('200 bad'),
      'heads: a name with a bracket': relays('200 bad'),
      'heads: a name beyond ASCII': relays('200 bad'),
      'heads: DEL in a value': relays('200 bad'),
    },
  },
  {
    because:
      'nginx takes a line feed alone for the end of a line: a value with one in it becomes a field of its own.',
    cases: {
      'heads: LF in the reason': relays('200 {x-a: "b"}'),
      'heads: LF in a value': relays('200 {x-a: "a" | set-cookie: "evil=1"}'),
      'heads: lines that end with LF alone': relays('200 "ok"'),
      'heads: a last line that ends with LF alone': relays('200'),
    },
  },
  {
    because: 'nginx makes a field of a line without colon, and skips a second status line.',
    cases: {
      'heads: a line without colon': relays('200 {nonsense: ""}'),
      'heads: two status lines': relays('200'),
    },
  },
  {
    because: 'The buffer of nginx for heads of responses is small, and it counts no fields.',
    cases: {
      'heads: a value of 30,000 bytes': relays('502'),
      'heads: a head of 64 KiB': relays('502'),
      'heads: 103 with a long head': relays('502'),
      'heads: 201 fields': relays(`200 {${Array.from({ length: 200 }, () => 'x-a: "b"').join(' | ')}}`),
    },
  },
  {
    because:
      'nginx takes an interim response for the response, and what follows for its body, until the connection ends. RFC 9110 15.2: a proxy must forward interim responses.',
    cases: {
      'heads: 100 that nobody waits for': { ...relays('100', '200'), client: 'alive', behind: 'ends' },
      'heads: an interim response that nobody knows': {
        ...relays('199 {x-a: "b"}', '200'),
        client: 'alive',
        behind: 'ends',
      },
      'heads: 103': { ...relays('103 {link: "</a.css>"}', '200'), client: 'alive', behind: 'ends' },
      'heads: 102, 103, 103': {
        ...relays('102', '103 {link: "</a.css>"}', '103 {link: "</a.css>"}', '200'),
        client: 'alive',
        behind: 'ends',
      },
      'heads: 103 with fields of one connection': {
        ...relays('103 {x-a: "b" | x-c: "d"}', '200'),
        client: 'alive',
        behind: 'ends',
      },
      'heads: 103 with a length': relays('103 {x-a: "b"}', ' partial'),
      'heads: 103 with chunks': { seen: [], client: 'ended', reused: false },
      'heads: 103 for a client of HTTP/1.0': {
        ...relays('103 {link: "</a.css>"}', '200'),
        client: 'ended',
        behind: 'ends',
      },
      'heads: 103 before 204': {
        ...relays('103 {link: "</a.css>"}', '204'),
        client: 'alive',
        behind: 'ends',
      },
      'heads: 103, then a malformed response': {
        ...relays('103 {link: "</a.css>"}', 'OK\r bad'),
        client: 'alive',
        behind: 'ends',
      },
      'heads: twenty of 103': {
        ...relays(...Array.from({ length: 20 }, () => '103 {link: "</a.css>"}'), '200'),
        behind: 'ends',
      },
    },
  },
  {
    because: 'nginx removes the fields it knows, not those that Connection names, nor Upgrade.',
    cases: {
      'heads: a field that is named': {
        seen: ['200 {x-foo: "b" | x-bar: "c"}'],
        client: 'alive',
        reused: true,
      },
      'heads: proxy-connection': {
        seen: ['200 {proxy-connection: "keep-alive"}'],
        client: 'alive',
        reused: true,
      },
      'heads: upgrade that is offered': { seen: ['200 {upgrade: "h2c"}'], client: 'alive', reused: true },
      'heads: 426': { seen: ['426 {upgrade: "chat"}'], client: 'alive', reused: true },
    },
  },
  {
    because:
      'nginx relays 101 whatever was asked. RFC 9110 15.2.2: it answers an offer, and names what was chosen.',
    cases: {
      'heads: 101 that nobody asked for': relays('101 {upgrade: "chat"}'),
      'heads: 101 to another protocol': { seen: ['101 {upgrade: "h2c"}'], client: 'ended', reused: false },
      'heads: 101 to a protocol that was not offered': {
        seen: ['101 {upgrade: "talk"}'],
        client: 'ended',
        reused: false,
      },
      'heads: 101 that names no protocol': { seen: ['101 {x-a: "b"}'], client: 'ended', reused: false },
    },
  },
]
