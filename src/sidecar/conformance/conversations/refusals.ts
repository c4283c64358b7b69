import {
  APP_IS_LEFT,
  across,
  appSays,
  CLIENT_SEES_END,
  type Conversation,
  clientSays,
  clientSees,
  refusedWith,
} from '../conversation.ts'
import { chunked, get, HOST, post } from '../request-case.ts'
import { response } from '../response-case.ts'

const OK = response('Content-Length: 2', 'ok')

interface Answer {
  readonly reason: string
  readonly text: string
  readonly close?: boolean
}

/** An answer of the sidecar itself, as HEAD gets it. */
function bare(status: string, { reason, text, close = true }: Answer): string {
  const fields = `content-type: text/plain\r\ncontent-length: ${text.length + 1}\r\nx-kiseki-reason: ${reason}`
  return response(`${fields}${close ? '\r\nconnection: close' : ''}`, '', `HTTP/1.1 ${status}`)
}

const CHUNK = { reason: 'request-malformed', text: 'the client sent a malformed chunked body' }

/** What the sidecar says itself: HEAD gets no body there either, and who may go on can. */
export const REFUSALS: readonly Conversation[] = [
  {
    name: 'HEAD whose head is bad',
    steps: [
      clientSays(get('Content-Length: 5, 6').replace('GET', 'HEAD')),
      clientSees(
        bare('400 Bad Request', { reason: 'bad-request', text: 'malformed or repeated content-length' }),
      ),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'HEAD whose chunks are bad at once',
    steps: [
      clientSays(chunked('z\r\n').replace('POST', 'HEAD')),
      clientSees(bare('400 Bad Request', CHUNK)),
      CLIENT_SEES_END,
    ],
  },
  {
    name: 'HEAD whose chunks are bad later',
    steps: [
      ...across('client', chunked('5\r\nhello\r\n').replace('POST', 'HEAD')),
      clientSays('z\r\n'),
      clientSees(bare('400 Bad Request', CHUNK)),
      CLIENT_SEES_END,
      APP_IS_LEFT,
    ],
  },
  {
    name: 'HEAD whose response is malformed',
    steps: [
      ...across('client', get('').replace('GET', 'HEAD')),
      appSays(response('Content-Length: x')),
      clientSees(
        bare('502 Bad Gateway', {
          reason: 'response-malformed',
          text: 'the endpoint sent no valid response',
          close: false,
        }),
      ),
      APP_IS_LEFT,
    ],
  },
  {
    name: 'a host that the mesh does not know, and one that it knows',
    only: 'outbound',
    steps: [
      clientSays(get('').replace(HOST, 'evil.shop')),
      refusedWith(403),
      ...across('client', get('')),
      ...across('app', OK),
    ],
  },
  {
    name: 'HEAD to a host that the mesh does not know, and then another request',
    only: 'outbound',
    steps: [
      clientSays(get('').replace('GET', 'HEAD').replace(HOST, 'evil.shop')),
      clientSees(
        bare('403 Forbidden', {
          reason: 'egress-off',
          text: 'the mesh does not know the host, and egress is off',
          close: false,
        }),
      ),
      ...across('client', get('')),
      ...across('app', OK),
    ],
  },
  {
    name: 'a body to a host that the mesh does not know',
    only: 'outbound',
    steps: [
      clientSays(post('Content-Length: 5', 'hello').replace(HOST, 'evil.shop')),
      refusedWith(403),
      ...across('client', get('')),
      ...across('app', OK),
    ],
  },
  {
    name: 'a body, which would come later, to a host that the mesh does not know',
    only: 'outbound',
    steps: [
      clientSays(post('Content-Length: 5').replace(HOST, 'evil.shop')),
      refusedWith(403),
      CLIENT_SEES_END,
    ],
  },
]
