import type { IncomingHttpHeaders } from 'node:http'

const WARNING = /299 \S+ "((?:[^"\\]|\\.)*)"/g

/** What the server wants people to know: deprecated versions, unknown fields (RFC 7234 section 5.5, code 299). */
export function warningsOf(headers: IncomingHttpHeaders): readonly string[] {
  const header = headers['warning']
  if (typeof header !== 'string') return []
  return [...header.matchAll(WARNING)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'))
}
