import {
  APP_ENDS,
  APP_SEES_END,
  across,
  appSees,
  CLIENT_ENDS,
  CLIENT_SEES_END,
  type Conversation,
  clientSays,
  clientSees,
  refusedWith,
} from '../conversation.ts'
import { get, HOST } from '../request-case.ts'
import { response } from '../response-case.ts'

const CONNECT = `CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}:80\r\n\r\n`
const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'
const OPENED = [clientSays(CONNECT), clientSees(ESTABLISHED)]
const OK = response('Content-Length: 2', 'ok')
const HELLO = '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'

/** CONNECT (RFC 9110 9.3.6): HTTP inside is read like any other, all else is carried as it is. */
export const TUNNELS: readonly Conversation[] = [
  {
    name: 'HTTP inside',
    only: 'outbound',
    steps: [
      ...OPENED,
      ...across('client', get('')),
      ...across('app', OK),
      ...across('client', get('', '/2')),
    ],
  },
  {
    name: 'HTTP inside, right behind CONNECT',
    only: 'outbound',
    steps: [clientSays(CONNECT + get('')), clientSees(ESTABLISHED), appSees(get('')), ...across('app', OK)],
  },
  {
    name: 'bad HTTP inside',
    only: 'outbound',
    steps: [
      ...OPENED,
      clientSays(get('Content-Length: 5\r\nTransfer-Encoding: chunked')),
      refusedWith(400),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'a tunnel inside a tunnel',
    only: 'outbound',
    steps: [...OPENED, clientSays(CONNECT), refusedWith(405), CLIENT_SEES_END],
  },
  {
    name: 'TLS inside',
    only: 'outbound',
    steps: [
      ...OPENED,
      ...across('client', HELLO),
      ...across('app', '\x16\x03\x03\0\x7a'),
      ...across('client', '\0'),
    ],
  },
  {
    name: 'TLS inside, right behind CONNECT',
    only: 'outbound',
    steps: [clientSays(CONNECT + HELLO), clientSees(ESTABLISHED), appSees(HELLO), ...across('app', '\x16')],
  },
  {
    name: 'whose client ends its side first',
    only: 'outbound',
    steps: [
      ...OPENED,
      ...across('client', HELLO),
      CLIENT_ENDS,
      APP_SEES_END,
      ...across('app', 'bye'),
      APP_ENDS,
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'whose app ends its side first',
    only: 'outbound',
    steps: [
      ...OPENED,
      ...across('client', HELLO),
      ...across('app', 'bye'),
      APP_ENDS,
      CLIENT_SEES_END,
      ...across('client', 'more'),
      CLIENT_ENDS,
      APP_SEES_END,
    ],
  },
  {
    name: 'to a host that the mesh does not know',
    only: 'outbound',
    steps: [clientSays(CONNECT.replaceAll(HOST, 'evil.shop')), refusedWith(403), CLIENT_SEES_END],
  },
  {
    name: 'from another pod',
    only: 'inbound',
    steps: [clientSays(CONNECT), refusedWith(405), CLIENT_SEES_END],
  },
]
