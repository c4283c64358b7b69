import { type Explanation, type NginxRequest, says, takes } from './difference.ts'

/** Request lines, targets and Host. */
export const REQUEST_TARGETS: readonly Explanation<NginxRequest>[] = [
  {
    because:
      'nginx decodes and resolves the path to choose a location, and refuses what it cannot. Ours sends targets on as they are: the app knows its own.',
    cases: {
      'targets: dots that are encoded': says(400),
      'targets: NUL that is encoded': says(400),
      'targets: a percent sign that encodes nothing': says(400),
      'targets: percent signs that encode nothing': says(400),
      'targets: absolute form with an encoded path': says(400),
    },
  },
  {
    because:
      'nginx sends fragments on. RFC 9112 3.2: no target has one; programs disagree whether it belongs to the path.',
    cases: {
      'targets: a fragment': takes('GET /a#b @books.shop'),
      'targets: a fragment in a query': takes('GET /a?b#c @books.shop'),
      'targets: a fragment in absolute form': takes('GET /a#b @books.shop'),
    },
  },
  {
    because: 'nginx does not know the asterisk form. RFC 9112 3.2.4: a server and a proxy do.',
    cases: {
      'targets: an asterisk for OPTIONS': says(400),
      'targets: absolute form of OPTIONS without a path': takes('OPTIONS / @books.shop'),
    },
  },
  {
    because: 'nginx takes any scheme for its own. Ours forwards http only; others go by CONNECT.',
    cases: {
      'targets: absolute form of https': takes('GET / @books.shop'),
      'targets: absolute form of ftp': takes('GET / @books.shop'),
    },
  },
  {
    because:
      'nginx answers HTTP/0.9, with a body alone. It is no HTTP/1 (RFC 9112 2.3), and 505 is for versions that can be told.',
    cases: {
      'targets: LF in the target': { arrives: ['GET /a @'], answers: [], alive: false },
      'targets: no version': { arrives: ['GET / @'], answers: [], alive: false },
      'targets: HTTP/0.9': { arrives: ['GET / @'], answers: [], alive: false },
      'targets: HTTP/0.9 in words': says(400),
    },
  },
  {
    because: 'nginx takes any 1.x for 1.1. Ours speaks the two versions that there are.',
    cases: {
      'targets: HTTP/1.2': takes('GET / @books.shop'),
      'targets: HTTP/1.10': takes('GET / @books.shop'),
    },
  },
  {
    because:
      'nginx bears with blanks in the first line. RFC 9112 3: one each; a target with a blank would be cut.',
    cases: {
      'targets: two blanks before the target': takes('GET / @books.shop'),
      'targets: two blanks behind the target': takes('GET / @books.shop'),
      'targets: a blank behind the version': takes('GET / @books.shop'),
    },
  },
  {
    because:
      'nginx knows methods of capitals and underscores, and answers TRACE and bad CONNECTs 405 itself. RFC 9110 9.1: a method is a token, and what it means is for the app.',
    cases: {
      'targets: a method in small letters': says(400),
      'targets: a method of odd characters': says(400),
      'targets: TRACE': says(405),
      'targets: CONNECT to a path': says(405),
      'targets: CONNECT to a URL': says(405),
    },
  },
  {
    because: 'nginx keeps connections of HTTP/1.0 that ask for it. Ours ends them, as RFC 9112 C.2.2 allows.',
    cases: {
      'targets: HTTP/1.0 that wants to be kept': takes('GET / @books.shop'),
    },
  },
  {
    because:
      'nginx looks for a host name in whatever stands there, and writes it anew. RFC 9112 3.2: an invalid Host is answered 400.',
    cases: {
      'targets: absolute form with a port too large': takes('GET / @books.shop'),
      'targets: a host with the dot of a full name': takes('GET / @books.shop'),
      'targets: a host behind a tab': says(400),
      'targets: a host with a query': takes('GET / @books.shop?a'),
      'targets: a host with a fragment': takes('GET / @books.shop#a'),
      'targets: a host with a user': takes('GET / @me@books.shop'),
      'targets: a host with a backslash': takes('GET / @books.shop\\a'),
      'targets: a host with two ports': takes('GET / @books.shop'),
      'targets: a host with a port too large': takes('GET / @books.shop'),
      'targets: a host with a port of six digits': takes('GET / @books.shop'),
      'targets: a host with a negative port': takes('GET / @books.shop'),
      'targets: a host with a port in words': takes('GET / @books.shop'),
      'targets: a host beyond ASCII': takes('GET / @bücher.shop'),
      'targets: an address of IPv6 without brackets': takes('GET / @2001'),
      'targets: an address of IPv6 with one bracket': takes('GET / @[2001:db8::1'),
      'targets: brackets around nothing': takes('GET / @[]'),
      'targets: brackets around a name': takes('GET / @[books.shop]'),
      'targets: something behind the brackets': takes('GET / @[2001:db8::1]'),
    },
  },
]
