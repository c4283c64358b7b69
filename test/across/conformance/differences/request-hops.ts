import { type Explanation, type NginxRequest, says, takes } from './difference.ts'

/** What concerns one connection, and limits. */
export const REQUEST_HOPS: readonly Explanation<NginxRequest>[] = [
  {
    because:
      'nginx removes the fields it knows, not those that Connection names. RFC 9110 7.6.1: a proxy must remove both.',
    cases: {
      'hop by hop: a field that is named': takes('GET / @books.shop {x-foo: "b" | x-bar: "c"}'),
      'hop by hop: a field that is named before it comes': takes('GET / @books.shop {x-foo: "b"}'),
      'hop by hop: a named field in another case': takes('GET / @books.shop {x-foo: "b"}'),
      'hop by hop: a named field that comes twice': takes(
        'GET / @books.shop {x-foo: "b" | x-bar: "c" | x-foo: "d"}',
      ),
      'hop by hop: named fields in a list': takes('GET / @books.shop {x-foo: "b" | x-bar: "c"}'),
      'hop by hop: named fields in two lines': takes('GET / @books.shop {x-foo: "b" | x-bar: "c"}'),
      'hop by hop: a list with empty places': takes('GET / @books.shop {x-foo: "b"}'),
      'hop by hop: connection names a trace header': takes(
        'GET / @books.shop {x-b3-traceid: "0123456789abcdef"}',
      ),
      'hop by hop: connection names a cookie': takes('GET / @books.shop {cookie: "a=b"}'),
      'hop by hop: connection: close in a second line': {
        arrives: ['GET / @books.shop {x-foo: "b"}'],
        answers: [200],
        alive: false,
      },
      'hop by hop: upgrade to HTTP/2': takes('GET / @books.shop {http2-settings: "AAMAAABkAAQ"}'),
    },
  },
  {
    because: 'nginx does not see itself as the proxy that these are for.',
    cases: {
      'hop by hop: proxy-connection': takes('GET / @books.shop {proxy-connection: "keep-alive"}'),
      'hop by hop: proxy-authorization': takes(
        'GET / @books.shop {proxy-authorization: "Basic bWU6c2VjcmV0"}',
      ),
    },
  },
  {
    because: 'nginx drops these unless its configuration says otherwise.',
    cases: {
      'hop by hop: te: trailers': takes('GET / @books.shop'),
      'hop by hop: te: trailers with a weight': takes('GET / @books.shop'),
      'hop by hop: upgrade that is answered 200': takes('GET / @books.shop'),
      'hop by hop: upgrade of a WebSocket that is answered 200': takes(
        'GET / @books.shop {sec-websocket-key: "dGhlIHNhbXBsZSBub25jZQ==" | sec-websocket-version: "13"}',
      ),
    },
  },
  {
    because:
      'nginx answers 100 itself, and knows no other expectation. Ours leaves it to the app whether it wants the body, and RFC 9110 10.1.1 allows 417.',
    cases: {
      'hop by hop: expectation with its body': takes('POST / @books.shop "hello"'),
      'hop by hop: expectation in capitals': takes('POST / @books.shop "hello"'),
      'hop by hop: expectation without a body': takes('POST / @books.shop'),
      'hop by hop: an unknown expectation': takes('POST / @books.shop'),
      'hop by hop: two expectations': takes('POST / @books.shop'),
      'hop by hop: an expectation without a value': takes('POST / @books.shop'),
    },
  },
  {
    because:
      'Limits of nginx go by lines and buffers, ours by the whole head; it answers 400 where RFC 6585 5 has 431.',
    cases: {
      'limits: a head of 64 KiB and a byte': takes(
        'GET / @books.shop {x-a: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… 65498 bytes}',
      ),
      'limits: a head of 200 KB': says(400),
      'limits: a request line of 64 KiB': says(414),
      'limits: a head over 64 KiB that does not end': says(400),
      'limits: 2,000 fields': says(400),
      'limits: 201 fields': takes(
        `GET / @books.shop {${Array.from({ length: 200 }, (_, at) => `x-${at}: "b"`).join(' | ')}}`,
      ),
    },
  },
]
