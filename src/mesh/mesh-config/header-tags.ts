import type { Check } from './section.ts'

/** Each is looked for in every recorded request, and its value is stored with the span. */
export const MOST_HEADER_TAGS = 16
const LONGEST_NAME = 64
/** RFC 9110 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Who may look at traces may then act for the user that sent them. */
const SECRET: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
  'x-amz-security-token',
  'x-forwarded-access-token',
])

/** One name twice is one tag; names have no case. */
export const checkHeaderTags: Check<readonly string[]> = value => {
  if (!Array.isArray(value)) return { problem: 'must be a list of header names, like ["x-tenant"]' }
  const names = new Set<string>()
  for (const name of value as readonly unknown[]) {
    if (typeof name !== 'string' || name.length > LONGEST_NAME || !TOKEN.test(name))
      return { problem: `must hold names of headers alone, up to ${LONGEST_NAME} characters each` }
    const lower = name.toLowerCase()
    if (SECRET.has(lower))
      return { problem: `must not name ${lower}, which holds a secret: leave it out, and tag an id instead` }
    names.add(lower)
  }
  return names.size <= MOST_HEADER_TAGS
    ? { value: [...names] }
    : { problem: `must hold at most ${MOST_HEADER_TAGS} names` }
}
