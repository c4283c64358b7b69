import { across, appSays, appSees, type Conversation, clientSays, clientSees } from '../conversation.ts'
import { chunked, get, post } from '../request-case.ts'
import { chunks, response } from '../response-case.ts'

const GET = get('')
const HEAD = GET.replace('GET', 'HEAD')
const OK = response('Content-Length: 2', 'ok')

const allAcross = (from: 'client' | 'app', ...parts: readonly string[]) =>
  parts.flatMap(part => across(from, part))

/** Each part arrives before the next is sent: nothing is collected on the way, and nothing is framed anew. */
export const PARTS: readonly Conversation[] = [
  {
    name: 'a body with a length',
    steps: [...allAcross('client', post('Content-Length: 10'), 'he', 'llo', 'world'), ...across('app', OK)],
  },
  {
    name: 'a chunked body',
    steps: [
      ...allAcross('client', chunked(''), '5\r\nhello\r\n', '5;a=b\r\nworld\r\n', '0\r\n\r\n'),
      ...across('app', OK),
    ],
  },
  {
    name: 'chunks that are cut anywhere',
    steps: [
      ...allAcross('client', chunked('5'), '\r', '\nhe', 'llo\r', '\n0', '\r\n', '\r', '\n'),
      ...across('app', OK),
    ],
  },
  {
    name: 'trailers of a request',
    steps: [...allAcross('client', chunked('0\r\n'), 'X-Sum', ': 1\r', '\n', '\r\n'), ...across('app', OK)],
  },
  {
    name: 'a response with a length',
    steps: [
      ...across('client', GET),
      ...allAcross('app', response('Content-Length: 10'), 'he', 'llo', 'world'),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'server-sent events in chunks',
    steps: [
      ...across('client', get('Accept: text/event-stream')),
      ...allAcross(
        'app',
        chunks('', 'Content-Type: text/event-stream'),
        '9\r\ndata: 1\n\n\r\n',
        '9\r\ndata: 2\n\n\r\n',
        '9\r\ndata: 3\n\n\r\n',
        '0\r\n\r\n',
      ),
    ],
  },
  {
    name: 'server-sent events until the end',
    steps: [
      ...across('client', get('Accept: text/event-stream')),
      ...across(
        'app',
        response('Content-Type: text/event-stream'),
        response('Content-Type: text/event-stream\r\nconnection: close'),
      ),
      ...allAcross('app', 'data: 1\n\n', 'data: 2\n\n', ': nothing\n\n', 'data: 3\n\n'),
      { by: 'app', does: 'ends' },
      { by: 'client', seesThat: 'ended' },
    ],
  },
  {
    name: 'chunks of a response that are cut anywhere',
    steps: [
      ...across('client', GET),
      ...allAcross(
        'app',
        chunks('5'),
        ';a="',
        'b"\r',
        '\nhe',
        'llo\r',
        '\n0',
        '\r\nX-Su',
        'm: 1\r\n',
        '\r\n',
      ),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'a head of a response in pieces',
    steps: [
      ...across('client', GET),
      ...['HTTP/1.', '1 200 OK\r', '\nContent-Length: 2', '\r\n\r', '\nok'].map(appSays),
      clientSees(OK),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'a head of a request in pieces',
    steps: [
      ...['GE', 'T / HTTP/1.1', '\r', '\nHost: books', '.shop\r\n', '\r', '\n'].map(clientSays),
      appSees(GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'a response that begins before the body has ended',
    steps: [
      ...across('client', chunked('5\r\nhello\r\n')),
      ...across('app', chunks('5\r\nHELLO\r\n')),
      ...across('client', '5\r\nworld\r\n'),
      ...across('app', '5\r\nWORLD\r\n'),
      ...across('client', '0\r\n\r\n'),
      ...across('app', '0\r\n\r\n'),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'a response to HEAD, and then one that has a body',
    steps: [
      ...across('client', HEAD),
      ...across('app', response('Content-Length: 10')),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'a chunked response to HEAD, and then one that has a body',
    steps: [
      ...across('client', HEAD),
      ...across('app', chunks('')),
      ...across('client', GET),
      ...across('app', OK),
    ],
  },
  {
    name: 'requests behind one another, each sent when the one before is answered',
    steps: [
      clientSays(`${get('', '/1')}${get('', '/2')}${get('', '/3')}`),
      appSees(get('', '/1')),
      ...across('app', OK),
      appSees(get('', '/2')),
      ...across('app', OK),
      appSees(get('', '/3')),
      ...across('app', OK),
    ],
  },
]
