import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { messageOf } from '../../model/errors.ts'

/** An HTTP answer in the place of an upgrade. */
export interface UpgradeRefusal {
  readonly status: number
  readonly type: 'application/json' | 'text/plain; charset=utf-8'
  readonly body: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** Answers and ends the connection, which has left the HTTP server by then. */
export function refuseUpgrade(socket: Duplex, { status, type, body, headers = [] }: UpgradeRefusal): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ]
  socket.on('error', () => socket.destroy())
  // Whatever the client sends after its request has nobody to read it.
  socket.resume()
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** The failure as a `Status`; of what is no KubeFailure, one with code 500. */
export function refusalOf(thrown: unknown): UpgradeRefusal {
  const failure =
    thrown instanceof KubeFailure
      ? thrown
      : new KubeFailure('InternalError', `Internal error occurred: ${messageOf(thrown)}`)
  const body = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: failure.message,
    reason: failure.reason,
    ...(Object.keys(failure.details).length === 0 ? {} : { details: failure.details }),
    code: failure.status,
  })
  return { status: failure.status, type: 'application/json', body }
}

/** Client and server have no protocol of streams in common; the words and the header are those of apimachinery. */
export function noCommonProtocol(offered: readonly string[], supported: readonly string[]): UpgradeRefusal {
  const [theirs, ours] = [offered, supported].map(list => `[${list.join(' ')}]`)
  return {
    status: 403,
    type: 'text/plain; charset=utf-8',
    body: `unable to upgrade: unable to negotiate protocol: client supports ${theirs}, server accepts ${ours}\n`,
    headers: supported.map(each => ['X-Accepted-Stream-Protocol-Versions', each] as const),
  }
}

/** The header `X-Stream-Protocol-Version` is missing. */
export function protocolRequired(): UpgradeRefusal {
  return {
    status: 400,
    type: 'text/plain; charset=utf-8',
    body: 'unable to upgrade: X-Stream-Protocol-Version is required\n',
  }
}
