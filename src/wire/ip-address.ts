/** Which kind of address a text is. `mapped`: IPv4 behind `::` or `::ffff:`. */
export type IpFamily = 'ipv4' | 'ipv6' | 'mapped' | 'none'

const COLON = 58
const DOT = 46

/** Tells by the look of it: an IPv4 address is checked in full, an IPv6 address for its characters and colons. */
export function ipFamily(text: string): IpFamily {
  let colons = 0
  let dots = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOT) dots++
    else if (code === COLON) {
      if (dots > 0) return 'none'
      colons++
    } else if (!isHexDigit(code)) return 'none'
  }
  if (colons === 0) return dots === 3 && isIpv4(text, 0) ? 'ipv4' : 'none'
  if (dots > 0) return isMapped(text) ? 'mapped' : 'none'
  return colons >= 2 && colons <= 8 && text.length <= 40 ? 'ipv6' : 'none'
}

/** The IPv4 part of a `mapped` address. */
export function mappedIpv4(text: string): string {
  return text.slice(text.lastIndexOf(':') + 1)
}

function isMapped(text: string): boolean {
  const last = text.lastIndexOf(':')
  const prefix = text.slice(0, last + 1).toLowerCase()
  return (prefix === '::' || prefix === '::ffff:' || prefix === '::0000:') && isIpv4(text, last + 1)
}

/** Four numbers of 0 to 255 without leading zeros, from `from` to the end. */
function isIpv4(text: string, from: number): boolean {
  let parts = 0
  let digits = 0
  let value = 0
  for (let at = from; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at)
    if (code === DOT) {
      if (digits === 0 || value > 255) return false
      parts++
      digits = 0
      value = 0
    } else {
      if (code < 48 || code > 57 || (digits > 0 && value === 0)) return false
      digits++
      value = value * 10 + code - 48
    }
  }
  return parts === 4
}

function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}
