import { type Field, type Message, valuesOf } from '../message-reader.ts'

/**
 * What a message means to the one at its other end, whatever proxies stood between (RFC 9110 7.6.1): written down
 * anew here, so that the sidecar's own way of removing fields is not its own judge.
 */
const ONE_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'upgrade',
])
const MESSAGE = new Set(['host', 'content-length', 'transfer-encoding'])

/** What sidecars say themselves while tracing is on, and may take away. */
const TRACE = /^(?:x-b3-.*|b3|traceparent|tracestate|traceresponse|x-request-id)$/

/** `traced`: by the sidecar in between. */
export function requestMeaning(message: Message, traced: boolean): string {
  const [method = '', target = ''] = message.start.split(' ')
  const absolute = /^http:\/\/([^/?#]*)(.*)$/i.exec(target)
  const [, authority = valuesOf(message.fields, 'host')[0] ?? '', path = target] = absolute ?? []
  return JSON.stringify({
    method,
    target: absolute === null ? path : originForm(method, path),
    host: authority,
    fields: endToEnd(message.fields, traced).filter(
      ([name]) => name !== 'host' && !isOldExpectation(message, name),
    ),
    body: message.body,
    trailers: message.trailers,
  })
}

function originForm(method: string, path: string): string {
  if (path === '') return method === 'OPTIONS' ? '*' : '/'
  return path.startsWith('/') ? path : `/${path}`
}

/** HTTP/1.0 knows none (RFC 9110 10.1.1). */
function isOldExpectation(message: Message, name: string): boolean {
  return name === 'expect' && message.start.endsWith('HTTP/1.0')
}

export function responseMeaning(message: Message, traced: boolean): string {
  const status = message.start.slice(9, 12)
  const bare = status === '204' || status.startsWith('1')
  const fields = endToEnd(message.fields, traced).filter(
    ([name]) =>
      name !== 'proxy-authorization' &&
      !(bare && (name === 'content-length' || name === 'transfer-encoding')),
  )
  return JSON.stringify({ status, fields, body: message.body, trailers: message.trailers })
}

function endToEnd(fields: readonly Field[], traced: boolean): readonly Field[] {
  const named = new Set(
    valuesOf(fields, 'connection').flatMap(value =>
      value.split(',').map(option => option.trim().toLowerCase()),
    ),
  )
  return fields.filter(
    ([name]) =>
      !ONE_HOP.has(name) && (MESSAGE.has(name) || !named.has(name)) && !(traced && TRACE.test(name)),
  )
}
