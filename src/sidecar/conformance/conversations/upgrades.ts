import {
  APP_ENDS,
  APP_IS_LEFT,
  APP_RESETS,
  APP_SEES_END,
  across,
  appSays,
  appSees,
  CLIENT_ENDS,
  CLIENT_RESETS,
  CLIENT_SEES_END,
  CLIENT_SEES_RESET,
  type Conversation,
  clientSays,
  clientSees,
  refusedWith,
  type Step,
} from '../conversation.ts'
import { get, post } from '../request-case.ts'
import { response } from '../response-case.ts'

const SWITCHING = 'HTTP/1.1 101 Switching Protocols'
const OFFER = get('Connection: Upgrade\r\nUpgrade: chat')
/** As it goes on: what concerns the connection is written anew. */
const OFFERED = get('connection: upgrade\r\nupgrade: chat')
const CHOSEN = response('connection: upgrade\r\nupgrade: chat', '', SWITCHING)
const OK = response('Content-Length: 2', 'ok')

const changed: readonly Step[] = [...across('client', OFFER, OFFERED), ...across('app', CHOSEN)]

const WEBSOCKET = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13'
const ACCEPT = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='

/** From one protocol to another (RFC 9110 7.8), and what becomes of the bytes around it. */
export const UPGRADES: readonly Conversation[] = [
  {
    name: 'and bytes both ways',
    steps: [...changed, ...across('client', 'ping\0\xff'), ...across('app', 'pong\r\n\r\n')],
  },
  {
    name: 'to a WebSocket',
    steps: [
      ...across(
        'client',
        get(`Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n${WEBSOCKET}`),
        get(`${WEBSOCKET}\r\nconnection: upgrade\r\nupgrade: websocket`),
      ),
      ...across(
        'app',
        response(`Upgrade: websocket\r\nConnection: Upgrade\r\n${ACCEPT}`, '', SWITCHING),
        response(`${ACCEPT}\r\nconnection: upgrade\r\nupgrade: websocket`, '', SWITCHING),
      ),
      ...across('client', '\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58'),
      ...across('app', '\x81\x05Hello'),
    ],
  },
  {
    name: 'with bytes right behind the agreement',
    steps: [...across('client', OFFER, OFFERED), ...across('app', `${CHOSEN}welcome`)],
  },
  {
    name: 'with bytes right behind the offer, which wait for the agreement',
    steps: [
      ...across('client', `${OFFER}early`, OFFERED),
      ...across('app', CHOSEN),
      appSees('early'),
      ...across('client', 'later'),
    ],
  },
  {
    name: 'that the app does not want, with a request behind the offer',
    steps: [
      clientSays(`${OFFER}${get('', '/second')}`),
      appSees(OFFERED),
      ...across('app', OK),
      appSees(get('', '/second')),
      ...across('app', OK),
    ],
  },
  {
    name: 'that the app does not want, with bytes of that protocol behind the offer',
    steps: [
      clientSays(`${OFFER}\x81\x05hello\r\n\r\n`),
      appSees(OFFERED),
      ...across('app', OK),
      refusedWith(400),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'that the app wants another of',
    steps: [
      ...across('client', OFFER, OFFERED),
      ...across(
        'app',
        response('Upgrade: talk\r\nConnection: upgrade\r\nContent-Length: 0', '', 'HTTP/1.1 426 No'),
        response('Content-Length: 0', '', 'HTTP/1.1 426 No'),
      ),
      ...across('client', get('')),
      ...across('app', OK),
    ],
  },
  {
    name: 'to one of two that were offered',
    steps: [
      ...across(
        'client',
        get('Connection: Upgrade\r\nUpgrade: talk/2, chat'),
        get('connection: upgrade\r\nupgrade: talk/2, chat'),
      ),
      ...across('app', CHOSEN),
      ...across('client', 'ping'),
    ],
  },
  {
    name: 'to one that is written otherwise',
    steps: [
      ...across('client', OFFER, OFFERED),
      ...across('app', CHOSEN.replace('chat', 'CHAT')),
      ...across('client', 'ping'),
    ],
  },
  {
    name: 'with hints before the agreement',
    steps: [
      ...across('client', OFFER, OFFERED),
      ...across('app', response('Link: </a.css>', '', 'HTTP/1.1 103 Early Hints')),
      ...across('app', CHOSEN),
      ...across('app', 'welcome'),
    ],
  },
  {
    name: 'whose agreement says that it has a body',
    steps: [
      ...across('client', OFFER, OFFERED),
      ...across('app', CHOSEN.replace('connection', 'Content-Length: 5\r\nconnection'), CHOSEN),
      ...across('app', 'welcome'),
    ],
  },
  {
    name: 'whose agreement comes in pieces',
    steps: [
      ...across('client', OFFER, OFFERED),
      appSays(CHOSEN.slice(0, 30)),
      appSays(CHOSEN.slice(30)),
      clientSees(CHOSEN),
      ...across('client', 'ping'),
    ],
  },
  {
    name: 'behind the body of the offer',
    steps: [
      ...across(
        'client',
        post('Connection: Upgrade\r\nUpgrade: chat\r\nContent-Length: 5', 'hello'),
        post('Content-Length: 5\r\nconnection: upgrade\r\nupgrade: chat', 'hello'),
      ),
      ...across('app', CHOSEN),
      ...across('client', 'ping'),
    ],
  },
  {
    name: 'in the middle of the body of the offer, which nobody could read any more',
    steps: [
      ...across(
        'client',
        post('Connection: Upgrade\r\nUpgrade: chat\r\nContent-Length: 5', 'he'),
        post('Content-Length: 5\r\nconnection: upgrade\r\nupgrade: chat', 'he'),
      ),
      appSays(CHOSEN),
      refusedWith(502),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'in the second request of a connection',
    steps: [...across('client', get('')), ...across('app', OK), ...changed, ...across('client', 'ping')],
  },
  {
    name: 'after which the client ends its side, and the app goes on',
    steps: [...changed, CLIENT_ENDS, APP_SEES_END, ...across('app', 'bye'), APP_ENDS, CLIENT_SEES_END],
  },
  {
    name: 'after which the app ends its side, and the client goes on',
    steps: [...changed, APP_ENDS, CLIENT_SEES_END, ...across('client', 'bye'), CLIENT_ENDS, APP_SEES_END],
  },
  { name: 'after which the app breaks off', steps: [...changed, APP_RESETS, CLIENT_SEES_RESET] },
  { name: 'after which the client breaks off', steps: [...changed, CLIENT_RESETS, APP_IS_LEFT] },
]
