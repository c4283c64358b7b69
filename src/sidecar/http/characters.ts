/** Which bytes may stand where in a head (RFC 9110 5.6.2, 5.5; RFC 9112 3.2), by byte value. */
export type ByteClass = Readonly<Uint8Array>

const NUMBER_SIGN = 35

/** Names of fields and methods. */
export const TOKEN: ByteClass = classOf(code => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)))

/** Values of fields: tab, printable, and what is beyond ASCII. */
export const FIELD_VALUE: ByteClass = classOf(code => code === 9 || (code >= 32 && code !== 127))

/**
 * Request targets: printable without blank; bytes beyond ASCII come from apps that do not percent-encode. A fragment
 * never is sent; programs disagree whether what looks like one belongs to the path.
 */
export const TARGET: ByteClass = classOf(code => code > 32 && code !== 127 && code !== NUMBER_SIGN)

/** Host and port (RFC 3986 3.2, without user). */
export const AUTHORITY: ByteClass = classOf(code =>
  /[A-Za-z0-9\-._~%:[\]!$&'()*+;=]/.test(String.fromCharCode(code)),
)

export const HEX_VALUE: Readonly<Int8Array> = Int8Array.from({ length: 256 }, (_, code) =>
  /[0-9a-fA-F]/.test(String.fromCharCode(code)) ? Number.parseInt(String.fromCharCode(code), 16) : -1,
)

export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
export const SLASH = 47
export const COLON = 58

export function consistsOf(text: string, allowed: ByteClass): boolean {
  for (let at = 0; at < text.length; at++) if (allowed[text.charCodeAt(at)] !== 1) return false
  return true
}

function classOf(holds: (code: number) => boolean): ByteClass {
  return Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0))
}
