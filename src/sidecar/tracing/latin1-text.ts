const BEYOND_ASCII = /[\x80-\xff]/
const PLAIN_JSON = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** Heads are read as Latin-1; what they meant is UTF-8. Bytes that are no UTF-8 become U+FFFD. */
export function decodeLatin1(latin1: string): string {
  return BEYOND_ASCII.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1
}

/** A captured text as a JSON string, with its quotes. */
export function jsonOfLatin1(latin1: string): string {
  return PLAIN_JSON.test(latin1) ? `"${latin1}"` : JSON.stringify(decodeLatin1(latin1))
}

/** A part of a text keeps the whole alive, here a head of up to 64 KiB; a copy does not. */
export function copyOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1')
}
