import {
  APP_ENDS,
  APP_IS_LEFT,
  APP_RESETS,
  across,
  appSees,
  CLIENT_ENDS,
  CLIENT_RESETS,
  CLIENT_SEES_END,
  CLIENT_SEES_RESET,
  type Conversation,
  clientSays,
  refusedWith,
} from '../conversation.ts'
import { chunked, get, post } from '../request-case.ts'
import { chunks, response } from '../response-case.ts'

const GET = get('')
const OK = response('Content-Length: 2', 'ok')
const EARLY = response('Content-Length: 3', 'big', 'HTTP/1.1 413 Content Too Large')

/** Who has ended its side may still listen; who has broken off does not. */
export const HALVES: readonly Conversation[] = [
  {
    name: 'a client that ends behind its request',
    steps: [...across('client', GET), CLIENT_ENDS, ...across('app', OK), CLIENT_SEES_END],
  },
  {
    name: 'a client that ends with its request',
    steps: [clientSays(GET), CLIENT_ENDS, appSees(GET), ...across('app', OK), CLIENT_SEES_END],
  },
  {
    name: 'a client that ends behind two requests',
    steps: [
      clientSays(`${GET}${get('', '/2')}`),
      CLIENT_ENDS,
      appSees(GET),
      ...across('app', OK),
      appSees(get('', '/2')),
      ...across('app', OK),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'a client that ends while its response comes',
    steps: [
      ...across('client', GET),
      ...across('app', chunks('5\r\nhello\r\n')),
      CLIENT_ENDS,
      ...across('app', '5\r\nworld\r\n'),
      ...across('app', '0\r\n\r\n'),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'a client that ends behind the answer',
    steps: [...across('client', GET), ...across('app', OK), CLIENT_ENDS, CLIENT_SEES_END],
  },
  { name: 'a client that ends without a word', steps: [CLIENT_ENDS, CLIENT_SEES_END] },
  { name: 'a client that ends in a head', steps: [clientSays('GET / HT'), CLIENT_ENDS, CLIENT_SEES_END] },
  {
    name: 'a client that ends between chunks',
    steps: [
      ...across('client', chunked('5\r\nhello\r\n')),
      CLIENT_ENDS,
      refusedWith(400),
      CLIENT_SEES_END,
      APP_IS_LEFT,
    ],
  },
  {
    name: 'a client that breaks off in its body',
    steps: [...across('client', post('Content-Length: 9', 'half')), CLIENT_RESETS, APP_IS_LEFT],
  },
  {
    name: 'a client that breaks off behind its request',
    steps: [...across('client', GET), CLIENT_RESETS, APP_IS_LEFT],
  },
  {
    name: 'a client that breaks off while its response comes',
    steps: [...across('client', GET), ...across('app', chunks('5\r\nhello\r\n')), CLIENT_RESETS, APP_IS_LEFT],
  },
  {
    name: 'an app that ends behind its response',
    steps: [...across('client', GET), ...across('app', OK), APP_ENDS, APP_IS_LEFT],
  },
  {
    name: 'an app that answers and ends before the body has come',
    steps: [
      ...across('client', post('Content-Length: 9', 'half')),
      ...across('app', EARLY),
      APP_ENDS,
      CLIENT_SEES_END,
      APP_IS_LEFT,
    ],
  },
  {
    name: 'an app that answers before the body has come, and would listen on',
    steps: [
      ...across('client', post('Content-Length: 9', 'half')),
      ...across('app', EARLY),
      CLIENT_SEES_END,
      APP_IS_LEFT,
    ],
  },
  {
    name: 'an app that ends before the body has come',
    steps: [
      ...across('client', post('Content-Length: 9', 'half')),
      APP_ENDS,
      refusedWith(502),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'an app that breaks off before the body has come',
    steps: [
      ...across('client', post('Content-Length: 9', 'half')),
      APP_RESETS,
      refusedWith(502),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'an app that ends behind an interim response',
    steps: [
      ...across('client', post('Content-Length: 0')),
      ...across('app', response('', '', 'HTTP/1.1 103 Early Hints')),
      APP_ENDS,
      refusedWith(502),
    ],
  },
  {
    name: 'an app that ends between chunks',
    steps: [
      ...across('client', GET),
      ...across('app', chunks('5\r\nhello\r\n')),
      APP_ENDS,
      CLIENT_SEES_RESET,
    ],
  },
  {
    name: 'an app that breaks off in a body that would last until its end',
    steps: [
      ...across('client', GET),
      ...across('app', response('', 'half'), response('connection: close', 'half')),
      APP_RESETS,
      CLIENT_SEES_RESET,
    ],
  },
]
