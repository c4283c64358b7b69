const BEYOND_ASCII = /[\x80-\xff]/
const PLAIN_JSON = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const NOT_ASCII = /[\x7f-\uffff]/g

/** Heads are read as Latin-1; what they meant is UTF-8. Bytes that are no UTF-8 become U+FFFD. */
export function decodeLatin1(latin1: string): string {
  return BEYOND_ASCII.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1
}

/** A captured text as a JSON string, with its quotes. */
export function jsonOfLatin1(latin1: string): string {
  return PLAIN_JSON.test(latin1) ? `"${latin1}"` : asciiJson(decodeLatin1(latin1))
}

/** JSON of which every character is one byte, so that a text is as long as its bytes. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(NOT_ASCII, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
