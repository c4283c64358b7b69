/**
 * PROXY protocol version 1 (haproxy.org/download/2.9/doc/proxy-protocol.txt, 2.1): one line at the start of a
 * connection that says from where to where it really goes.
 */
export interface ProxyLine {
  /** Undefined for `PROXY UNKNOWN`. */
  readonly source: { readonly address: string; readonly port: number } | undefined
  readonly destination: { readonly address: string; readonly port: number } | undefined
}

export type ProxyLineFound =
  | { readonly status: 'found'; readonly line: ProxyLine; readonly length: number }
  /** The bytes begin with something else. */
  | { readonly status: 'absent' }
  | { readonly status: 'incomplete' }
  | { readonly status: 'malformed' }

const LONGEST = 107
const BEGINNINGS = ['PROXY TCP4 ', 'PROXY TCP6 ', 'PROXY UNKNOWN']
const ADDRESSES = /^PROXY TCP[46] ([0-9a-fA-F.:]{2,45}) ([0-9a-fA-F.:]{2,45}) (\d{1,5}) (\d{1,5})$/
const LARGEST_PORT = 65_535

const ABSENT: ProxyLineFound = { status: 'absent' }
const INCOMPLETE: ProxyLineFound = { status: 'incomplete' }
const MALFORMED: ProxyLineFound = { status: 'malformed' }

export function readProxyLine(bytes: Buffer): ProxyLineFound {
  const text = bytes.toString('latin1', 0, LONGEST)
  const begins = BEGINNINGS.some(beginning =>
    text.length < beginning.length ? beginning.startsWith(text) : text.startsWith(beginning),
  )
  if (!begins) return ABSENT
  const end = text.indexOf('\r\n')
  if (end < 0) return text.length < LONGEST ? INCOMPLETE : MALFORMED
  if (text.startsWith('PROXY UNKNOWN')) {
    return { status: 'found', length: end + 2, line: { source: undefined, destination: undefined } }
  }
  const [, from, to, fromPort, toPort] = ADDRESSES.exec(text.slice(0, end)) ?? []
  if (from === undefined || to === undefined) return MALFORMED
  if (Number(fromPort) > LARGEST_PORT || Number(toPort) > LARGEST_PORT) return MALFORMED
  return {
    status: 'found',
    length: end + 2,
    line: {
      source: { address: from, port: Number(fromPort) },
      destination: { address: to, port: Number(toPort) },
    },
  }
}

export interface ProxyLineEnds {
  readonly sourceAddress: string
  readonly sourcePort: number
  readonly destinationAddress: string
  readonly destinationPort: number
}

export function proxyLineText(ends: ProxyLineEnds): string {
  const family = ends.sourceAddress.includes(':') ? 'TCP6' : 'TCP4'
  return `PROXY ${family} ${ends.sourceAddress} ${ends.destinationAddress} ${ends.sourcePort} ${ends.destinationPort}\r\n`
}
