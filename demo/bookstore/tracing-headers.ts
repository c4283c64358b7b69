import type { IncomingHttpHeaders } from 'node:http'

/**
 * The request headers that an application copies to the requests it makes in turn, so that the sidecars can join them
 * into one trace. Nothing else is needed of an application, and nothing else is done here.
 */
export const TRACING_HEADERS = [
  'X-Ot-Span-Context',
  'X-Request-Id',
  'uber-trace-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
] as const

export const tracingHeadersOf = (headers: IncomingHttpHeaders): Record<string, string> => {
  const copied: Record<string, string> = {}
  for (const name of TRACING_HEADERS) {
    const value = headers[name.toLowerCase()]
    const first = Array.isArray(value) ? value[0] : value
    if (first) copied[name] = first
  }
  return copied
}
