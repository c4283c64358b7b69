export type Tags = Readonly<Record<string, string>>

export type LogfmtOutcome =
  | { readonly status: 'read'; readonly tags: Tags }
  | { readonly status: 'malformed'; readonly message: string }

/** One `key=value` or `key="quoted \"value\""`, then white space or the end. */
const PAIR = /\s*([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)/y

/** Reads `error=true http.url="a b"`. Of a key given twice the last wins. */
export function parseLogfmt(text: string): LogfmtOutcome {
  const tags: Record<string, string> = Object.create(null)
  const source = text.trim()
  let at = 0
  while (at < source.length) {
    PAIR.lastIndex = at
    const pair = PAIR.exec(source)
    if (pair === null) return { status: 'malformed', message: complaint(source.slice(at).trim()) }
    const [whole, key = '', quoted, bare] = pair
    tags[key] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/gs, '$1')
    at += whole.length
  }
  return { status: 'read', tags: { ...tags } }
}

/** The text that `parseLogfmt` reads back as these tags, where every key is free of white space, `=` and `"`. */
export function formatLogfmt(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${/^[^\s"\\]+$/.test(value) ? value : quote(value)}`)
    .join(' ')
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

function complaint(rest: string): string {
  const word = rest.split(/\s/)[0] ?? rest
  return `“${word}” is not of the form key=value; quote a value with spaces: key="a b"`
}
