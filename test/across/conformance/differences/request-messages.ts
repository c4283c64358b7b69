import { type Explanation, type NginxRequest, says, takes } from './difference.ts'

/** Framing, lines and chunks of requests, and requests behind one another. */
export const REQUEST_MESSAGES: readonly Explanation<NginxRequest>[] = [
  {
    because:
      'Whatever the coding, nginx says 501. RFC 9112 6.3 wants 400 where chunked is not the last of them: nobody knows where such a body ends.',
    cases: {
      'framing: transfer-encoding: xchunked': says(501),
      'framing: transfer-encoding: chunkedx': says(501),
      'framing: transfer-encoding: chunk': says(501),
      'framing: transfer-encoding: identity': says(501),
      'framing: transfer-encoding: gzip': says(501),
      'framing: transfer-encoding: chunked, identity': says(501),
      'framing: transfer-encoding: chunked, gzip': says(501),
      'framing: transfer-encoding: chunked, chunked': says(501),
      'framing: transfer-encoding: x;a=b, chunked': says(501),
      'framing: transfer-encoding: chunked;a=b': says(501),
      'framing: transfer-encoding with a comma before': says(501),
      'framing: transfer-encoding with a comma behind': says(501),
      'framing: transfer-encoding without a value': says(501),
      'framing: transfer-encoding in quotes': says(501),
      'framing: transfer-encoding with a tab before it': says(501),
      'framing: transfer-encoding with a tab behind it': says(501),
      'framing: transfer-encoding with a vertical tab': says(501),
      'framing: transfer-encoding with a form feed': says(501),
      'framing: transfer-encoding with a no-break space': says(501),
    },
  },
  {
    because:
      'nginx takes a client that has ended its side for gone. Ours answers it: half-closed is a state of TCP, not of HTTP.',
    cases: {
      'framing: an incomplete body whose client ends': { arrives: [], answers: [], alive: false },
      'framing: incomplete chunks whose client ends': { arrives: [], answers: [], alive: false },
      'chunks: an end without its empty line': { arrives: [], answers: [], alive: false },
    },
  },
  {
    because:
      'nginx leaves lines with odd names out and sends the rest on. RFC 9112 5: a line that is not of the grammar makes the request a bad one.',
    cases: {
      'lines: all token characters in a name': takes('GET / @books.shop'),
      'lines: a name with a bracket': takes('GET / @books.shop'),
      'lines: a name with a slash': takes('GET / @books.shop'),
      'lines: a name with a quote': takes('GET / @books.shop'),
      'lines: a name with a comma': takes('GET / @books.shop'),
      'lines: a name with an at sign': takes('GET / @books.shop'),
      'lines: a name with a backslash': takes('GET / @books.shop'),
      'lines: a name with a brace': takes('GET / @books.shop'),
      'lines: a name with an equals sign': takes('GET / @books.shop'),
      'lines: a name beyond ASCII': takes('GET / @books.shop'),
      'lines: a name that begins with a byte order mark': takes('GET / @books.shop'),
    },
  },
  {
    because: 'nginx makes a field without value of a line without colon. RFC 9112 5: every field has one.',
    cases: {
      'lines: a line without colon': takes('GET / @books.shop {nonsense: ""}'),
      'lines: a line without colon, at last': takes('GET / @books.shop {x-a: "b" | nonsense: ""}'),
    },
  },
  {
    because:
      'nginx sends control characters on; the app here refuses them. RFC 9110 5.5: they are invalid in values.',
    cases: {
      'lines: DEL in a value': { arrives: [], answers: [400], alive: true },
      'lines: a bell in a value': { arrives: [], answers: [400], alive: true },
      'lines: escape in a value': { arrives: [], answers: [400], alive: true },
      'lines: a vertical tab in a value': { arrives: [], answers: [400], alive: true },
      'lines: a form feed in a value': { arrives: [], answers: [400], alive: true },
    },
  },
  {
    because:
      'nginx bears with carriage returns that end nothing. RFC 9112 2.2: they make the element invalid.',
    cases: {
      'lines: a carriage return alone at the end of a value': takes('GET / @books.shop {x-a: "1"}'),
      'lines: two carriage returns before the line feed': takes('GET / @books.shop {x-a: "1" | x-b: "c"}'),
      'sequences: a carriage return before a request': takes('GET / @books.shop'),
    },
  },
  {
    because:
      'nginx takes a line feed alone for the end of a line, as RFC 9112 2.2 allows. Others do not, so that the two would see different requests.',
    cases: {
      'lines: a line feed alone in a value': takes('GET / @books.shop {x-a: "1"}'),
      'lines: lines that end with LF alone': takes('GET / @books.shop'),
      'lines: a first line that ends with LF alone': takes('GET / @books.shop'),
      'lines: one line that ends with LF alone': takes('GET / @books.shop {x-a: "b"}'),
      'lines: an end of LF alone': takes('GET / @books.shop'),
      'lines: an end of LF CR LF': takes('GET / @books.shop'),
      'sequences: a line feed before a request': takes('GET / @books.shop'),
    },
  },
  {
    because: 'The same in chunks, where RFC 9112 7.1 allows no such thing: a known way of smuggling.',
    cases: {
      'chunks: a size line that ends with LF': takes('POST / @books.shop "hello"'),
      'chunks: a last size line that ends with LF': takes('POST / @books.shop "hello"'),
      'chunks: data that ends with LF': takes('POST / @books.shop "hello"'),
      'chunks: an end of LF alone': takes('POST / @books.shop'),
      'sequences: a request behind an extension with LF': takes(
        'POST / @books.shop',
        'GET /smuggled @books.shop',
      ),
    },
  },
  {
    because:
      'nginx reads over whatever stands behind the size of a chunk. Ours reads the grammar of RFC 9112 7.1.1: programs disagree about the rest.',
    cases: {
      'chunks: a blank behind the size': takes('POST / @books.shop "hello"'),
      'chunks: a tab behind the size': takes('POST / @books.shop "hello"'),
      'chunks: a blank before an extension': takes('POST / @books.shop "hello"'),
      'chunks: a blank behind the semicolon': takes('POST / @books.shop "hello"'),
      'chunks: a blank before the equals sign': takes('POST / @books.shop "hello"'),
      'chunks: a blank behind the equals sign': takes('POST / @books.shop "hello"'),
      'chunks: a blank behind an extension': takes('POST / @books.shop "hello"'),
      'chunks: a blank inside an extension': takes('POST / @books.shop "hello"'),
      'chunks: a semicolon alone': takes('POST / @books.shop "hello"'),
      'chunks: two semicolons': takes('POST / @books.shop "hello"'),
      'chunks: an extension without a name': takes('POST / @books.shop "hello"'),
      'chunks: an extension without its value': takes('POST / @books.shop "hello"'),
      'chunks: an extension with two equals signs': takes('POST / @books.shop "hello"'),
      'chunks: an extension whose quotes do not end': takes('POST / @books.shop "hello"'),
      'chunks: an extension with something behind its quotes': takes('POST / @books.shop "hello"'),
      'chunks: an extension with NUL': takes('POST / @books.shop "hello"'),
      'chunks: an extension with a comma': takes('POST / @books.shop "hello"'),
      'chunks: an extension with a slash': takes('POST / @books.shop "hello"'),
      'chunks: extensions of more than 16 KiB': takes('POST / @books.shop "hello"'),
    },
  },
  {
    because: 'A limit of ours: no chunk needs so many digits.',
    cases: {
      'chunks: a size of 13 digits': takes('POST / @books.shop "hello"'),
    },
  },
  {
    because:
      'nginx drops the trailers of requests, good ones and bad ones. gRPC and signed uploads live on them.',
    cases: {
      'chunks: a trailer': takes('POST / @books.shop "hello"'),
      'chunks: two trailers': takes('POST / @books.shop "hello"'),
      'chunks: a trailer that was announced': takes('POST / @books.shop {trailer: "X-Sum"}'),
      'chunks: a trailer without a value': takes('POST / @books.shop "hello"'),
      'chunks: a trailer of bytes beyond ASCII': takes('POST / @books.shop "hello"'),
      'chunks: content-length in a trailer': takes('POST / @books.shop "hello"'),
      'chunks: transfer-encoding in a trailer': takes('POST / @books.shop "hello"'),
      'chunks: a trailer that begins like content-length': takes('POST / @books.shop "hello"'),
      'chunks: host in a trailer': takes('POST / @books.shop "hello"'),
      'chunks: trace headers in a trailer': takes('POST / @books.shop "hello"'),
      'chunks: a trailer without a colon': takes('POST / @books.shop "hello"'),
      'chunks: a trailer without a name': takes('POST / @books.shop "hello"'),
      'chunks: a trailer with a blank before its colon': takes('POST / @books.shop "hello"'),
      'chunks: a folded trailer': takes('POST / @books.shop "hello"'),
      'chunks: a trailer with LF': takes('POST / @books.shop "hello"'),
      'chunks: a trailer with NUL': takes('POST / @books.shop "hello"'),
      'chunks: a trailer with a bracket in its name': takes('POST / @books.shop "hello"'),
      'chunks: a request where a trailer should be': takes('POST / @books.shop'),
      'chunks: trailers of more than 16 KiB': takes('POST / @books.shop "hello"'),
      'hop by hop: trailer': takes('POST / @books.shop {trailer: "X-Sum"}'),
    },
  },
]
