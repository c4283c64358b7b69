import {
  APP_ENDS,
  APP_IS_LEFT,
  across,
  appSays,
  CLIENT_SEES_END,
  type Conversation,
  clientSays,
  clientSees,
  refusedWith,
} from '../conversation.ts'
import { get, post } from '../request-case.ts'
import { response } from '../response-case.ts'

const WAITS = post('Expect: 100-continue\r\nContent-Length: 5')
const GO_ON = response('', '', 'HTTP/1.1 100 Continue')
const OK = response('Content-Length: 2', 'ok')
const NO = response('Content-Length: 0', '', 'HTTP/1.1 417 Expectation Failed')

/** A client that asks before it sends its body (RFC 9110 10.1.1). The app decides, and nobody else. */
export const CONTINUE: readonly Conversation[] = [
  {
    name: 'a body that waits for its turn',
    steps: [
      ...across('client', WAITS),
      ...across('app', GO_ON),
      ...across('client', 'hello'),
      ...across('app', OK),
      ...across('client', get('', '/next')),
      ...across('app', OK),
    ],
  },
  {
    name: 'chunks that wait for their turn',
    steps: [
      ...across('client', post('Expect: 100-continue\r\nTransfer-Encoding: chunked')),
      ...across('app', GO_ON),
      ...across('client', '5\r\nhello\r\n'),
      ...across('client', '0\r\n\r\n'),
      ...across('app', OK),
    ],
  },
  {
    name: 'a client that does not wait',
    steps: [...across('client', `${WAITS}hello`), ...across('app', GO_ON), ...across('app', OK)],
  },
  {
    name: 'the go-ahead and the response at once',
    steps: [...across('client', `${WAITS}hello`), ...across('app', `${GO_ON}${OK}`)],
  },
  {
    name: 'a go-ahead in two pieces',
    steps: [
      ...across('client', WAITS),
      appSays(GO_ON.slice(0, 12)),
      appSays(GO_ON.slice(12)),
      clientSees(GO_ON),
      ...across('client', 'hello'),
      ...across('app', OK),
    ],
  },
  {
    name: 'two go-aheads',
    steps: [
      ...across('client', WAITS),
      ...across('app', GO_ON),
      ...across('app', GO_ON),
      ...across('client', 'hello'),
      ...across('app', OK),
    ],
  },
  {
    name: 'early hints before the go-ahead',
    steps: [
      ...across('client', WAITS),
      ...across('app', response('Link: </a.css>', '', 'HTTP/1.1 103 Early Hints')),
      ...across('app', GO_ON),
      ...across('client', 'hello'),
      ...across('app', OK),
    ],
  },
  {
    name: 'an app that does not want the body',
    // Whether the body will come all the same, nobody can know.
    steps: [...across('client', WAITS), ...across('app', NO), CLIENT_SEES_END, APP_IS_LEFT],
  },
  {
    name: 'an app that does not want the body of a client that does not wait',
    steps: [...across('client', `${WAITS}hel`), ...across('app', NO), CLIENT_SEES_END, APP_IS_LEFT],
  },
  {
    name: 'an app that answers without the body that came',
    steps: [
      ...across('client', `${WAITS}hello`),
      ...across('app', NO),
      ...across('client', get('')),
      ...across('app', OK),
    ],
  },
  {
    name: 'an app that goes away instead of answering',
    steps: [...across('client', WAITS), APP_ENDS, refusedWith(502), CLIENT_SEES_END],
  },
  {
    name: 'a go-ahead without anything to go ahead with',
    steps: [...across('client', post('Content-Length: 0')), ...across('app', GO_ON), ...across('app', OK)],
  },
  {
    name: 'a request behind the body that waited',
    steps: [
      ...across('client', WAITS),
      ...across('app', GO_ON),
      clientSays(`hello${get('', '/next')}`),
      { by: 'app', sees: 'hello' },
      ...across('app', OK),
      { by: 'app', sees: get('', '/next') },
      ...across('app', OK),
    ],
  },
]
