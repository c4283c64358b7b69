/** A TCP socket in state LISTEN. */
export interface ListeningSocket {
  /** `0.0.0.0`, `127.64.0.3`, `::`, `::1`; IPv4 inside IPv6 as IPv4. */
  readonly address: string
  readonly port: number
  readonly inode: string
}

const LISTEN = '0A'

/** Reads /proc/net/tcp and /proc/net/tcp6 (proc_pid_net(5)) of a little-endian machine. */
export function parseListening(text: string): readonly ListeningSocket[] {
  return text.split('\n').flatMap(line => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const [address, port] = local.split(':')
    if (state !== LISTEN || address === undefined || port === undefined) return []
    return [{ address: parseAddress(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** Words of four bytes, the lowest byte first. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word =>
    [6, 4, 2, 0].map(at => Number.parseInt(word.slice(at, at + 2), 16)),
  )
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  if (isMapped) return bytes.slice(12).join('.')
  if (bytes.every(byte => byte === 0)) return '::'
  if (bytes.slice(0, 15).every(byte => byte === 0) && bytes[15] === 1) return '::1'
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  return groups.map(group => group.toString(16)).join(':')
}
