const ID = '{id}'

const NUMBER = /^\d+$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** A digit must be in it, or words like `deadbeef` and `facade` would be taken for hashes. */
const HEX_HASH = /^(?=[a-f]*\d)[0-9a-f]{8,}$/i
/** ULIDs, nano ids, base64url tokens: long, one piece, letters and digits mixed. */
const TOKEN_ID = /^(?=.*\d)(?=.*[a-z])[0-9a-z_~-]{20,}$/i
const LONGEST_WORD = 64
const DEEPEST = 12

/** The path of a target without its query, with `{id}` in the place of every segment that looks like one. */
export function pathTemplate(target: string): string {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  const segments = path.split('/')
  let changed = false
  for (const [at, segment] of segments.entries()) {
    if (!isId(segment)) continue
    segments[at] = ID
    changed = true
  }
  if (segments.length > DEEPEST) return `${segments.slice(0, DEEPEST).join('/')}/…`
  return changed ? segments.join('/') : path
}

function isId(segment: string): boolean {
  if (segment.length === 0) return false
  if (segment.length > LONGEST_WORD) return true
  const first = segment.charCodeAt(0)
  // Most segments are words of letters; only those with a digit in them can be ids.
  if (segment.length < 8) return first >= 48 && first <= 57 && NUMBER.test(segment)
  return NUMBER.test(segment) || HEX_HASH.test(segment) || UUID.test(segment) || TOKEN_ID.test(segment)
}
