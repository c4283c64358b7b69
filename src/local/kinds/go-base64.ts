const OUTSIDE = /[^A-Za-z0-9+/=\r\n]/

/** What Go says of a text that is no base64 with padding; undefined when it is. */
export function base64Problem(text: string): string | undefined {
  const at = badByte(text)
  return at === undefined ? undefined : `illegal base64 data at input byte ${at}`
}

/** Where Go stops: at the first byte that fits nowhere, or at the group that the text ends in. */
function badByte(text: string): number | undefined {
  const outside = OUTSIDE.exec(text)?.index ?? text.length
  const padding = text.indexOf('=')
  if (padding !== -1 && padding < outside) return badPadding(text, padding)
  if (outside < text.length) return Buffer.byteLength(text.slice(0, outside))
  const filled = (text.match(/[^\r\n]/g) ?? []).length % 4
  return filled === 0 ? undefined : text.length - filled
}

function badPadding(text: string, at: number): number | undefined {
  const before = text.slice(0, at).replace(/[\r\n]/g, '').length % 4
  if (before < 2) return at
  const newlines = (from: number): number => from + (/^[\r\n]*/.exec(text.slice(from))?.[0].length ?? 0)
  let next = newlines(at + 1)
  if (before === 2) {
    if (next === text.length) return text.length
    if (text[next] !== '=') return next
    next = newlines(next + 1)
  }
  return next < text.length ? next : undefined
}
